"""Every handler, called by whoever may not, with whatever does not belong there."""

import inspect
import typing

import pytest
from reflex_base.registry import RegistrationContext

from rxconnect import routes
from rxconnect.domain import refusals
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import NotFound, NotSignedIn
from rxconnect.domain.message_search import MessageFilter
from rxconnect.domain.notices import NoticeKind
from rxconnect.domain.review import Outcome, Queue, Shelf
from rxconnect.services.accounts import sign_ins
from rxconnect.state.door.outbox import OutboxState
from rxconnect.state.family.cards import PaymentState
from rxconnect.state.family.drafts import ComposeState, DraftsState
from rxconnect.state.family.facilities import LocationsState
from rxconnect.state.guard import Id, LongText, Text, family, public
from rxconnect.state.session import SessionState
from rxconnect.state.staff.rules import RulesState
from tests.state.driver import LOAD_PAGE, MOVE_TO_PAGE, name_of, sign_in, sign_in_at_kiosk
from tests.state.hostile_texts import filled, handlers
from tests.state.lives import everything, everything_at, everything_of

REGISTERED = RegistrationContext.get().event_handlers
OURS = {name: entry for name, entry in REGISTERED.items() if hasattr(entry.handler.fn, "__guard__")}
THEIRS = sorted(set(REGISTERED) - set(OURS))
ALLOWED = {LOAD_PAGE, MOVE_TO_PAGE, "hydrate", "set_is_hydrated", "handle_frontend_exception"}

# Values that are never right for an argument of this type.
NOT_TEXT = [None, True, 7, float("nan"), [], {"a": {"b": []}}, "x" * 200_000]
NOT_AN_ID = [None, True, -1, 0.5, float("nan"), float("inf"), 2**63, 10**30, "", "x", "9" * 5000, [], [1], {"id": 1}]
NOT_A_CHOICE = [None, 2, "perhaps", float("nan"), [], {}]
# Arguments that are one of a few.
CHOICES = (Outcome, Queue, Shelf, NoticeKind, MessageFilter)
NOT_A_FORM = [None, 7, "text", [], {"a": 1}, {"a": {"b": "c"}}, {"a": [None]}, {"a": "x" * 200_000}]
WRONG = {
    Text: NOT_TEXT,
    LongText: NOT_TEXT,
    Id: NOT_AN_ID,
    bool: NOT_A_CHOICE,
    str: NOT_TEXT[:-1],
    dict[str, Text]: NOT_A_FORM,
    dict[str, LongText]: NOT_A_FORM,
    **dict.fromkeys(CHOICES, NOT_A_CHOICE),
}
RIGHT = {Text: "x", LongText: "x", Id: 1, bool: True, str: "x", dict[str, Text]: {}, dict[str, LongText]: {}}
RIGHT |= {choice: next(iter(choice)).value for choice in CHOICES}


def _arguments(name: str) -> dict[str, object]:
    return dict(OURS[name].handler.fn.__annotations__)


def _guarded_by(guard: str) -> list[str]:
    return [name for name, entry in OURS.items() if entry.handler.fn.__guard__ == guard]


def _payload(name: str) -> dict[str, object]:
    return {argument: RIGHT[kind] for argument, kind in _arguments(name).items()}


def test_without_a_sign_in_every_guarded_handler_leads_to_the_sign_in_and_changes_nothing(server, life):
    life()
    tab = server.tab().open(routes.TERMS)
    before = everything()
    for name in sorted(set(OURS) - set(_guarded_by("public")) - set(_guarded_by("seat"))):
        tab.forget_frames().send(name, _payload(name))
        assert tab.redirects == [_sign_in_of(name, routes.TERMS)], name
        assert "Xanthippe" not in tab.heard, name
    assert everything() == before


def _sign_in_of(name: str, page: str) -> str:
    """Where a handler leads somebody who is not signed in. A kiosk's pages are left without a way back."""
    at_kiosk = OURS[name].handler.fn.__guard__ == "kiosk"
    return routes.KIOSK if at_kiosk else f"{routes.SIGN_IN}?next={page}"


def test_a_stranger_who_followed_a_link_is_asked_to_sign_in(server, database):
    tab = server.tab().open(routes.DASHBOARD)
    assert tab.shown(SessionState, "turned_away") == refusals.sentence(NotSignedIn())


def test_a_cookie_that_is_a_hash_or_nonsense_signs_nobody_in(server, actor):
    token = sign_in(actor())
    for cookie in (sign_ins.hash_token(token), token[:-1], "x" * 4000, "%00", "é"):
        tab = server.tab(cookie).open(routes.DASHBOARD)
        assert set(tab.redirects) == {f"{routes.SIGN_IN}?next={routes.DASHBOARD}"}
        assert tab.shown(SessionState, "name") == ""


def test_staff_are_led_to_their_own_door_from_everything_of_a_family(server, actor, facility):
    reviewer = actor(role=Role.REVIEWER, facility_id=facility(), name="Robin Reed")
    tab = server.tab(sign_in(reviewer)).open(routes.STAFF)
    assert "review messages" in tab.shown(SessionState, "permissions")
    before = everything()
    for name in _guarded_by("family"):
        tab.forget_frames().send(name, _payload(name))
        assert tab.redirects == [routes.STAFF], name
    assert everything() == before


def test_a_family_is_led_to_its_own_door_from_everything_of_staff(server, life):
    tab = server.tab(sign_in(life().actor)).open(routes.DASHBOARD)
    for name in _guarded_by("staff"):
        tab.forget_frames().send(name, _payload(name))
        assert tab.redirects == [routes.DASHBOARD], name
    assert tab.shown(SessionState, "permissions") == []


def test_only_the_frameworks_own_page_loads_pass_without_a_guard(server, family):
    tab = family().open(routes.DASHBOARD)
    root = repr(server.root(tab).dict())
    passed = []
    for name in THEIRS:
        payload = {"vars": {f"{SessionState.get_full_name()}.name_rx_state_": "Mallory"}}
        payload |= {"var_name": "name", "value": "Mallory"} if name.endswith("setvar") else {}
        tab.forget_frames().send(name, payload)
        if tab.frames or server.errors:
            passed.append(name)
        server.errors.clear()
    assert {name.rpartition(".")[2] for name in passed} <= {name.rpartition(".")[2] for name in ALLOWED}
    assert "Mallory" not in repr(server.root(tab).dict())
    assert root.count("Sam Rivera") == repr(server.root(tab).dict()).count("Sam Rivera")


@pytest.mark.parametrize(
    "name", ["", "nonsense", "load", name_of(ComposeState, "_save"), name_of(ComposeState, "reset")]
)
def test_a_handler_that_does_not_exist_is_not_run(family, name):
    tab = family().open(routes.DASHBOARD).forget_frames()
    assert tab.send(name, {"value": "x"}).frames == []


def test_no_kind_of_argument_is_left_out_of_these_attacks():
    assert {kind for name in OURS for kind in _arguments(name).values()} <= set(WRONG)


def test_arguments_of_a_wrong_kind_are_refused_in_a_sentence_and_change_nothing(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.COMPOSE, own.draft_id))
    before = everything()
    accepted = []
    for name, kinds in ((name, _arguments(name)) for name in OURS):
        for argument, kind in kinds.items():
            for value in WRONG[kind]:
                tab.send(name, _payload(name) | {argument: value})
                if tab.said(OURS[name].states[0]) not in (refusals.not_understood(), refusals.too_long()):
                    accepted.append((name.rpartition(".")[2], argument, repr(value)[:20]))
    assert accepted == []
    assert everything() == before


def test_missing_and_further_arguments_are_refused_in_a_sentence_and_change_nothing(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.COMPOSE, own.draft_id))
    before = everything()
    for name in OURS:
        state = OURS[name].states[0]
        tries = [
            _payload(name) | {extra: own.actor.account_id} for extra in ("actor", "_actor", "self", "args", "kwargs")
        ]
        tries += [{}] if _arguments(name) else []
        for payload in tries:
            tab.send(name, payload)
            assert tab.said(state) == refusals.not_understood(), (name, payload)
    assert everything() == before


@pytest.mark.parametrize(
    "text", ["\0", "a\0b", "\ud83d", "\u202eevil", "x" * 100_000, "%' OR 1=1 --", "{{7*7}}<script>"]
)
def test_no_text_breaks_a_handler(server, life, text):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.PAYMENT, own.purchase_id))
    for name in handlers():
        tab.send(name, filled(_arguments(name), text))
        assert all(frame.encode() for frame in tab.frames), name
    assert tab.open(routes.DASHBOARD).frames


def test_someone_elses_ids_show_nothing_and_change_nothing(server, life):
    theirs, own = life("Xanthippe"), life("Balthazar")
    tab = server.tab(sign_in(own.actor)).open(routes.DASHBOARD)
    before = everything_of(theirs.actor)
    for address in theirs.addresses:
        tab.go(address)
        assert not _is_of("Xanthippe", tab), address
    # The demonstration's outbox shows everyone's emails on purpose.
    for name in sorted(set(OURS) - {name_of(OutboxState, "load")}):
        for tab.address in theirs.addresses if "load" not in name and not _ids(name) else [routes.DASHBOARD]:
            tab.send(name, _payload(name) | {argument: _id_of(theirs, name, argument) for argument in _ids(name)})
            assert not _is_of("Xanthippe", tab), (tab.address, name)
    assert everything_of(theirs.actor) == before


def test_somebody_elses_ids_at_a_kiosk_show_nothing_and_change_nothing(server, life):
    theirs, own = life("Xanthippe"), life("Balthazar")
    tab = server.tab(kiosk=sign_in_at_kiosk(own.person)).open(routes.KIOSK_INBOX)
    assert _is_of("Balthazar", tab)
    before = everything_at(theirs), everything_of(theirs.person)
    for address in theirs.kiosk_addresses:
        tab.go(address)
        assert not _is_of("Xanthippe", tab), address
    for name in sorted(set(OURS) - {name_of(OutboxState, "load")}):
        for tab.address in theirs.kiosk_addresses if not _ids(name) else [routes.KIOSK_INBOX]:
            tab.send(name, _payload(name) | {argument: _id_of(theirs, name, argument) for argument in _ids(name)})
            assert not _is_of("Xanthippe", tab), (tab.address, name)
    assert (everything_at(theirs), everything_of(theirs.person)) == before


@pytest.mark.parametrize("role", Role)
def test_staff_of_another_facility_are_shown_nothing_and_change_nothing(server, life, actor, role):
    theirs, own = life("Xanthippe"), life("Balthazar")
    tab = server.tab(sign_in(actor(role=role, facility_id=own.facility_id))).open(routes.STAFF)
    before = everything_at(theirs)
    for name in sorted(_guarded_by("staff")):
        tab.send(name, _payload(name) | {argument: _id_of(theirs, name, argument) for argument in _ids(name)})
        assert not _is_of("Xanthippe", tab), name
    assert everything_at(theirs) == before


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.TRAINER])
def test_whoever_only_checks_or_shows_changes_nothing_at_their_own_facility(server, life, actor, role):
    own = life()
    tab = server.tab(sign_in(actor(role=role, facility_id=own.facility_id))).open(routes.STAFF)
    before = everything_at(own)
    for name in sorted(_guarded_by("staff")):
        tab.send(name, _payload(name) | {argument: _id_of(own, name, argument) for argument in _ids(name)})
    assert _but_for_the_audit(everything_at(own)) == _but_for_the_audit(before)


def test_a_reviewer_changes_neither_the_facility_nor_its_staff(server, life, actor):
    own, kept = life(), ("facility", "staff_post", "invitation", "screening_rule")
    tab = server.tab(sign_in(actor(role=Role.REVIEWER, facility_id=own.facility_id))).open(routes.STAFF)
    before = everything_at(own)
    for name in sorted(_guarded_by("staff")):
        tab.send(name, _payload(name) | {argument: _id_of(own, name, argument) for argument in _ids(name)})
    after = everything_at(own)
    assert after != before
    assert {name: after[name] for name in after if name in kept} == {
        name: before[name] for name in before if name in kept
    }


def _but_for_the_audit(rows: dict[str, list]) -> dict[str, list]:
    """What auditors see is recorded, too, and they may have a report printed."""
    kept = ("audit_row", "audit_chain", "report_print")
    return {name: those for name, those in rows.items() if name not in kept}


def _is_of(word: str, tab) -> bool:
    """Whether the tab was told anything of the life of that word, except the name of a facility, which is public."""
    return word in tab.heard.replace(f"{word} House", "")


def _ids(name: str) -> list[str]:
    return [argument for argument in _arguments(name) if argument.endswith("_id")]


def _id_of(life, name: str, argument: str) -> object:
    value = getattr(life, argument)
    return str(value) if _arguments(name)[argument] is Text else value


def test_an_id_of_nobody_is_not_found(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.DRAFTS)
    tab.send(name_of(DraftsState, "discard"), {"draft_id": 999_999_999})
    assert tab.said(DraftsState) == refusals.sentence(NotFound("draft"))


def test_a_refusal_goes_when_the_next_try_is_right(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.PROFILE).call(LocationsState.search("x" * 200))
    assert tab.said(LocationsState)
    assert tab.call(LocationsState.search("Xan")).said(LocationsState) == ""


def test_a_card_of_another_account_in_the_same_purchase_is_not_found(server, life):
    theirs, own = life("Xanthippe"), life("Balthazar")
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.PAYMENT, own.purchase_id))
    tab.send(name_of(PaymentState, "choose_card"), {"card_id": theirs.card_id})
    tab.call(PaymentState.use_stored_card("cvc_token"))
    assert "could not find this card" in tab.said(PaymentState)
    assert theirs.actor.name not in tab.heard


class _Handlers:
    """Handlers as a State has them, outside of any State."""

    @family
    async def plain(self, actor, draft_id: Id, text: Text = ""):
        """With an actor."""

    @family
    async def stepwise(self, actor, draft_id: Id):
        """In steps."""
        yield

    @public
    async def for_everyone(self, text: Text):
        """Without an actor."""


def test_the_framework_sees_a_guarded_handlers_arguments_and_never_the_actor():
    assert list(inspect.signature(_Handlers.plain).parameters) == ["self", "draft_id", "text"]
    assert list(inspect.signature(_Handlers.stepwise).parameters) == ["self", "draft_id"]
    assert list(inspect.signature(_Handlers.for_everyone).parameters) == ["self", "text"]
    assert "actor" not in typing.get_type_hints(_Handlers.plain)


def test_a_guarded_handler_stays_what_it_was():
    assert inspect.iscoroutinefunction(_Handlers.plain)
    assert inspect.isasyncgenfunction(_Handlers.stepwise)
    assert _Handlers.plain.__doc__ == "With an actor."
    assert (_Handlers.plain.__guard__, _Handlers.for_everyone.__guard__) == ("family", "public")


def test_a_field_that_the_page_no_longer_shows_is_not_in_its_form(server, life, actor):
    own = life()
    tab = server.tab(sign_in(actor(role=Role.ADMINISTRATOR, facility_id=own.facility_id))).open(routes.RULES)
    tab.send(name_of(RulesState, "choose_kind"), {"kind": "pattern"})
    tab.send(name_of(RulesState, "add_rule"), {"form": {"name": "Calls", "pattern": "(", "words": None, "most": None}})
    assert set(tab.shown(RulesState, "problems")) == {"pattern"}
