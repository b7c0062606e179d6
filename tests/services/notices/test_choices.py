"""What an account chooses about notices, and that each service tells it so and no other way."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain.errors import NotFound
from rxconnect.domain.notices import ALWAYS, OPTIONAL, NoticeKind, Pace
from rxconnect.models import Account, DigestLine, Email
from rxconnect.services.notices import choices
from rxconnect.services.notices.notices import notify
from rxconnect.services.paper import replies

ROOT = Path(__file__).parents[3] / "rxconnect"

# What is queued without a kind, and why nobody can choose it.
WITHOUT_A_KIND = {
    "services/accounts/accounts.py": "links that an account asked for: to confirm an address, and for a new password",
    "services/accounts/email_changes.py": "links to both addresses, and what the old one hears after the change",
    "services/team/invitations.py": "a link for somebody who has no account yet",
    "services/audit/heads.py": "staff get the head of each day, as the audit demands",
    "services/privilege/glass_emails.py": "auditors and administrators hear of each opening",
    "services/imports/folders.py": "the operator hears of files that were refused",
}
# These make the notices themselves, and pass their kind.
OUR_OWN = {"services/notices/notices.py", "services/notices/digests.py"}


def tell(actor, kind, subject="It happened"):
    with db.transaction() as session:
        account = session.get_one(Account, actor.account_id)
        notify(session, account, kind, lambda: (subject, f"{subject}.\n"), path="/inbox")


def sent():
    with db.reading() as session:
        return [(row.kind, row.subject) for row in session.exec(select(Email).order_by(Email.id))]


def waiting():
    with db.reading() as session:
        return [row.subject for row in session.exec(select(DigestLine))]


def queues_an_email(tree):
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "queue"
        and ast.unparse(node.func.value) == "emails"
        for node in ast.walk(tree)
    )


def makes_an_email(tree):
    return any(
        isinstance(node, ast.Call) and ast.unparse(node.func) in ("Email", "models.Email") for node in ast.walk(tree)
    )


def test_every_email_has_a_kind_except_links_and_those_to_staff():
    queuing = {
        str(file.relative_to(ROOT)) for file in ROOT.rglob("*.py") if queues_an_email(ast.parse(file.read_text()))
    }
    assert queuing == set(WITHOUT_A_KIND) | OUR_OWN
    making = {str(file.relative_to(ROOT)) for file in ROOT.rglob("*.py") if makes_an_email(ast.parse(file.read_text()))}
    assert making == {"services/notices/emails.py"}


def test_a_planted_email_without_a_kind_is_found():
    assert queues_an_email(ast.parse("def f():\n    emails.queue(session, account.email, 'a', 'b')"))
    assert makes_an_email(ast.parse("session.add(Email(to=account.email))"))


def test_every_kind_is_told_of_at_once_but_deliveries(actor):
    sam = actor()
    for kind in NoticeKind:
        tell(sam, kind)
    assert [kind for kind, _subject in sent()] == [kind for kind in NoticeKind if kind != NoticeKind.DELIVERED]


@pytest.mark.parametrize("kind", OPTIONAL)
def test_each_optional_kind_comes_at_once_once_a_day_or_never(actor, kind):
    sam, bo = actor(), actor()
    db.write(choices.choose, sam, kind, Pace.OFF)
    tell(sam, kind, "never")
    db.write(choices.choose, sam, kind, Pace.DAILY)
    tell(sam, kind, "in the evening")
    db.write(choices.choose, sam, kind, Pace.NOW)
    db.write(choices.choose, bo, kind, Pace.OFF)
    tell(sam, kind, "now")
    assert (sent(), waiting()) == ([(kind, "now")], ["in the evening"])


@pytest.mark.parametrize("by", ["page", "link"])
def test_who_switches_a_kind_off_does_not_hear_of_it_in_the_next_daily_email(actor, by):
    sam, bo = actor(), actor()
    for who, kind in ((sam, NoticeKind.REPLY), (sam, NoticeKind.APPEAL), (bo, NoticeKind.REPLY)):
        db.write(choices.choose, who, kind, Pace.DAILY)
        tell(who, kind, f"{kind} of {'Sam' if who is sam else 'Bo'}")
    if by == "page":
        db.write(choices.choose, sam, NoticeKind.REPLY, Pace.OFF)
    else:
        db.write(choices.switch_off, sam.account_id, [NoticeKind.REPLY])
    assert sorted(waiting()) == ["appeal of Sam", "reply of Bo"]


@pytest.mark.parametrize("kind", ALWAYS)
def test_what_must_be_sent_cannot_be_switched_off_and_needs_no_confirmed_address(actor, kind):
    sam = actor()
    with pytest.raises(NotFound):
        db.write(choices.choose, sam, kind, Pace.OFF)
    unconfirm(sam)
    tell(sam, kind)
    assert sent() == [(kind, "It happened")]


def unconfirm(actor):
    with db.transaction() as session:
        session.get_one(Account, actor.account_id).email_verified_at = None


@pytest.mark.parametrize("pace", [Pace.NOW, Pace.DAILY])
def test_an_address_that_may_be_a_strangers_hears_of_nothing_optional(actor, pace):
    sam = actor()
    db.write(choices.choose, sam, NoticeKind.REPLY, pace)
    unconfirm(sam)
    tell(sam, NoticeKind.REPLY)
    assert (sent(), waiting()) == ([], [])


def test_a_reply_is_told_of_as_its_reader_has_chosen(pair):
    family = pair()
    about = (family.reviewer, family.inmate_id, family.family.account_id)
    db.write(replies.deliver_reply, *about, subject="Hello", body="I am well.")
    db.write(choices.choose, family.family, NoticeKind.REPLY, Pace.OFF)
    db.write(replies.deliver_reply, *about, subject="Hello", body="I am well.")
    assert sent() == [("reply", "Marcus wrote to you")]


def test_an_account_sees_what_it_has_chosen_and_the_rest_as_it_is_by_default(actor):
    sam = actor()
    db.write(choices.choose, sam, NoticeKind.APPEAL, Pace.DAILY)
    view = db.read(choices.my_choices, sam)
    assert view.paces["appeal"] == "daily"
    assert view.paces["delivered"] == "off"
    assert set(view.paces) == set(OPTIONAL)
    assert (view.is_confirmed, view.comes_back, view.push_key) == (True, False, "")


def test_no_subject_to_a_family_has_a_place_for_a_facility():
    subjects = [
        found
        for file in sorted((ROOT / "services").rglob("*.py"))
        if "notify(" in file.read_text() or file.name.endswith("_emails.py")
        for found in _formats_of_facility(file)
    ]
    assert subjects == []


def _formats_of_facility(file):
    """The lines of `subject = … {facility} …`, or of a returned pair that begins with it, in a file about families."""
    if file.name in ("glass_emails.py", "team_emails.py"):
        return []
    tree = ast.parse(file.read_text())
    heads = [
        node.value.elts[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and node.value.elts
    ]
    heads += [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == "subject" for target in node.targets)
    ]
    return [f"{file.name}:{head.lineno}" for head in heads if "facility}" in ast.unparse(head)]
