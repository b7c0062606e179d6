"""The demonstration's world: what it promises, that it is made once, and that half of it is never there."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from rxconnect import db
from rxconnect.config import DEMO_PASSWORD
from rxconnect.demo import letters, screening, world
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind, Role
from rxconnect.domain.browsers import Browser
from rxconnect.domain.facilities import Opening
from rxconnect.domain.inmates import InmateQuery
from rxconnect.domain.receipts import Filter, MovementKind
from rxconnect.models import Account, Email, Facility, Inmate, MessageEvent, Purchase
from rxconnect.services.accounts import accounts, sign_ins, staff
from rxconnect.services.books import receipt_history
from rxconnect.services.directory import contacts, facilities, inmates
from rxconnect.services.lawyers import reviews
from rxconnect.services.messages import expiries, messages
from rxconnect.services.messages.review_times import review_time
from rxconnect.services.money import cards, ledger, wallets
from rxconnect.services.privilege import facts
from rxconnect.services.quality import agreement, disagreements, second_readings
from rxconnect.services.review import queue
from rxconnect.services.screening import rule_views
from tests.worlds import installed


class Killed(Exception):
    pass


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[None]:
    """The world, made once for all tests that only look at it."""
    folder = tmp_path_factory.mktemp("world")
    shutil.copy(migrated_file, folder / "rxconnect.db")
    with installed(data_dir=folder, database_url=""):
        world.seed(lambda done, total: None)
        yield


def person(email):
    with db.reading() as session:
        row = session.exec(select(Account).where(Account.email == email)).one()
        return Actor(row.id, row.name, row.email, ActorKind(row.kind), staff.posts(session, row.id))


@pytest.fixture
def rosa(loaded):
    return person("rosa@example.com")


def everything_of(actor):
    return [
        message
        for contact in db.read(contacts.my_contacts, actor)
        for message in db.read(messages.thread, actor, contact.id, length=1000)
    ]


def key(session, name):
    return facilities.get_by_key(session, name)


@pytest.mark.parametrize("email", [email for email, _ in world.SIGN_INS])
def test_everyone_can_sign_in_with_the_published_password(loaded, email):
    token = sign_ins.sign_in(email, DEMO_PASSWORD, Browser("127.0.0.1"))
    assert db.read(sign_ins.actor_for, token).email_verified


def test_everyone_has_the_role_that_the_command_line_names(loaded):
    roles = {email: [post.role for post in person(email).posts] for email, _ in world.SIGN_INS}
    assert roles == {
        "sam@example.com": [],
        "rosa@example.com": [],
        "luz@example.com": [],
        "lena@example.com": [],
        "reviewer@example.com": [Role.REVIEWER],
        "admin@example.com": [Role.ADMINISTRATOR],
        "captain@example.com": [Role.ADMINISTRATOR],
        "auditor@example.com": [Role.AUDITOR],
        "trainer@example.com": [Role.TRAINER],
    }


@pytest.mark.parametrize("email", ["reviewer@example.com", "admin@example.com", "trainer@example.com"])
def test_the_staff_belong_to_cedar_ridge(loaded, email):
    (post,) = person(email).posts
    assert post.facility_id == db.read(key, "cedar-ridge").id


def test_a_lawyer_has_a_privileged_thread_that_staff_have_never_seen(loaded):
    found = everything_of(person("lena@example.com"))
    assert {(letter.direction, letter.is_privileged) for letter in found} == {("outgoing", True), ("incoming", True)}
    assert [letter.status_label for letter in found if letter.direction == "outgoing"] == [
        *("Answered", "Delivered", "Accepted unread"),
    ]
    admin = person("admin@example.com")
    assert [one.name for one in db.read(reviews.register, admin).waiting] == ["Idris Hale"]
    assert len(db.read(facts.letters, admin)) == len(found)


def test_sam_has_nothing_at_all(loaded):
    sam = person("sam@example.com")
    lists = [facilities.my_locations, contacts.my_contacts, cards.my_cards, wallets.balances, messages.threads]
    assert [db.read(service, sam) for service in lists] == [[]] * 5
    with db.reading() as session:
        assert session.exec(select(Purchase).where(Purchase.account_id == sam.account_id)).first() is None


def test_rosa_has_two_locations_three_contacts_two_cards_and_credits(rosa):
    assert {place.key for place in db.read(facilities.my_locations, rosa)} == {"cedar-ridge", "harbor-county"}
    assert {contact.name for contact in db.read(contacts.my_contacts, rosa)} == {
        "Marcus Delgado",
        "Shawn O'Neill",
        "Tomás Aguilar",
    }
    assert {card.last_four for card in db.read(cards.my_cards, rosa)} == {"4242", "5556"}
    assert [(w.facility_key, w.credits, w.held) for w in db.read(wallets.balances, rosa)] == [
        ("cedar-ridge", 10, 4),
        ("harbor-county", 3, 0),
    ]


def test_every_purchase_of_rosa_has_its_receipt_in_the_past_year(rosa):
    found = db.read(receipt_history.movements, rosa, Filter(kind=MovementKind.PURCHASE))
    assert len(found) == 7
    assert sum(receipt.credits for receipt in found) == 60


def test_rosas_year_of_letters_is_there_word_for_word(rosa):
    written = [*letters.MARCUS, letters.PAID, *letters.SHAWN, *letters.TOMAS]
    kept = Counter((message.direction, message.subject, message.body) for message in everything_of(rosa))
    assert kept == Counter((letter.direction, letter.subject, letter.body) for letter in written)
    assert 60 <= len(written) <= 90


def test_one_letter_of_rosa_is_in_review_one_was_rejected_and_replies_came_today(rosa):
    found = everything_of(rosa)
    outgoing = Counter(message.status for message in found if message.direction == "outgoing")
    assert (outgoing["in review"], outgoing["rejected"]) == (1, 1)
    (rejected,) = [message for message in found if message.status == "rejected"]
    assert rejected.reason_rule
    assert rejected.reason_note
    assert rejected.reviewed_by == "Mail-room reviewer"
    unread = [message for message in found if message.is_unread]
    assert len(unread) == db.read(messages.unread_count, rosa) == 2


def test_nobody_has_decided_a_letter_of_rosa_without_reading_it(rosa):
    sent = [message for message in everything_of(rosa) if message.direction == "outgoing"]
    decided = [message for message in sent if message.status not in ("in review", "withdrawn")]
    assert decided
    assert all(db.read(messages.get, rosa, message.id).times_seen for message in decided)


def test_a_letter_of_the_demonstration_is_in_review_for_as_long_as_it_is_looked_at(rosa):
    with clock.at(clock.now() + timedelta(days=400)):
        assert expiries.expire_due().done == 0
    (waiting,) = [message for message in everything_of(rosa) if message.status == "in review"]
    assert "If nobody decides" not in waiting.timeline[2].note


def test_the_year_is_believable_moments_follow_each_other_and_none_is_in_the_future(loaded):
    with db.reading() as session:
        events = session.exec(select(MessageEvent).order_by(col(MessageEvent.id))).all()
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert events[-1].at <= clock.now()
    assert clock.now() - events[0].at > timedelta(days=350)


def test_the_ledger_of_the_world_adds_up(loaded):
    assert db.read(ledger.check_ledger).differences == []


@pytest.mark.parametrize(
    ("name", "title", "place", "cents", "limit"),
    [
        ("cedar-ridge", "Cedar Ridge Correctional Center", "Walla Walla, WA", 25, 6000),
        ("harbor-county", "Harbor County Jail", "Astoria, OR", 20, 4000),
    ],
)
def test_the_two_facilities_that_others_rely_on(loaded, name, title, place, cents, limit):
    found = facilities.view(db.read(key, name))
    assert (found.name, found.place, found.price_cents, found.character_limit, found.is_open) == (
        title,
        place,
        cents,
        limit,
        True,
    )


def test_facilities_differ_in_state_price_rules_and_opening(loaded):
    with db.reading() as session:
        rows = session.exec(select(Facility)).all()
    assert len(rows) >= 12
    assert {row.opening for row in rows} == set(Opening)
    assert len({row.state for row in rows}) >= 8
    assert len({row.price_cents for row in rows}) >= 5
    assert len({tuple(row.rules) for row in rows}) >= 5
    assert any(row.characters_per_credit < row.character_limit for row in rows)


@pytest.mark.parametrize(
    ("query", "name", "detail"),
    [
        (InmateQuery(number="20418873"), "Marcus Delgado", "20418873 · age 34 · unit C"),
        (InmateQuery(number="20418874"), "Marcus Delgado-Reyes", "20418874 · age 27 · unit A"),
        (InmateQuery(first_name="Marcus", last_name="Delgado"), "Marcus Delgado", "20418873 · age 34 · unit C"),
    ],
)
def test_marcus_is_found_and_told_apart(rosa, query, name, detail):
    found, _ = db.read(inmates.find, rosa, db.read(key, "cedar-ridge").id, query)
    assert (found[0].name, found[0].detail) == (name, detail)


def test_there_is_one_marcus_delgado_and_one_shawn_oneill(loaded):
    with db.reading() as session:
        for first, last in (("Marcus", "Delgado"), ("Marcus", "Delgado-Reyes"), ("Shawn", "O'Neill")):
            same = (Inmate.first_name == first, Inmate.last_name == last)
            assert session.exec(select(func.count()).select_from(Inmate).where(*same)).one() == 1


def test_shawn_is_at_harbor_county(rosa):
    found, _ = db.read(inmates.find, rosa, db.read(key, "harbor-county").id, InmateQuery(number="H-55210"))
    assert found[0].name == "Shawn O'Neill"


@pytest.mark.parametrize("part", [" ", "-", "'", "ñ", "í"])
def test_the_rosters_hold_thousands_of_people_with_names_of_every_kind(loaded, part):
    with db.reading() as session:
        people = session.exec(select(Inmate)).all()
    assert len(people) >= 2000
    assert sum(part in row.last_name for row in people) >= 5
    assert sum(bool(row.suffix) for row in people) >= 20
    assert len({row.last_name for row in people}) >= 300


@pytest.mark.parametrize("name", ["cedar-ridge", "harbor-county"])
def test_both_facilities_have_a_measured_review_time(loaded, name):
    assert db.read(review_time, db.read(key, name).id).startswith("Messages here are usually read within")


def test_last_years_notices_do_not_wait_to_be_sent_now(loaded):
    with db.reading() as session:
        waiting = session.exec(select(Email).where(col(Email.sent_at).is_(None))).all()
    assert {email.subject for email in waiting} == {"Marcus wrote to you", "Shawn wrote to you"}


def test_making_it_again_does_nothing(loaded):
    with db.reading() as session:
        before = session.exec(select(func.count()).select_from(MessageEvent)).one()
    world.seed(lambda done, total: pytest.fail("made twice"))
    with db.reading() as session:
        assert session.exec(select(func.count()).select_from(MessageEvent)).one() == before


def test_a_load_that_is_killed_leaves_nothing_behind(database):
    def stop_in_the_middle(done, total):
        if done > total // 2:
            raise Killed

    with pytest.raises(Killed):
        world.seed(stop_in_the_middle)
    assert not db.read(accounts.has_demo_accounts)
    with db.reading() as session:
        for table in (Facility, Inmate, MessageEvent, Email):
            assert session.exec(select(table).limit(1)).first() is None


def test_the_rules_find_what_they_are_about_and_one_of_them_holds_too_much(loaded):
    administrator = person("admin@example.com")
    view = db.read(rule_views.rules_of, administrator)
    found = {rule.name: rule for group in view.groups for rule in group.rules}
    assert len(found) == len(screening.RULES)
    assert {rule.state for rule in found.values()} == {"on"}
    assert [name for name, rule in found.items() if rule.is_too_high] == ["Plans and days"]
    assert "held in vain" in found["Plans and days"].rate
    assert all("would have held" in rule.trial for rule in found.values())
    assert not view.releases_clean


def test_the_letters_that_wait_say_which_rule_found_them(loaded):
    reviewer = person("reviewer@example.com")
    lines = db.read(queue.page, reviewer).lines
    assert len(lines) > 30
    assert {"A pattern of a rule", "Words of a rule", "Every letter is read here"} <= {line.held_for for line in lines}


def test_three_months_of_second_readings_have_figures_and_some_readings_disagree(loaded):
    administrator, reviewer = person("admin@example.com"), person("reviewer@example.com")
    view = db.write(agreement.quality, administrator)
    assert view.total.too_few == ""
    assert {one.label for one in view.by_reviewer} == {"Denise Walker", "Jordan Lee"}
    assert view.total.misses == 1
    lines = db.write(disagreements.page, administrator).lines
    assert len([line for line in lines if line.judged]) == 2
    assert len([line for line in lines if not line.judged and line.may_judge]) >= 2
    assert db.read(second_readings.counts, reviewer).waiting
