"""Compose: what is typed is kept, exactly, whatever happens between two keys."""

import pytest

from rxconnect import db, routes
from rxconnect.services import contacts, drafts, facilities
from rxconnect.state.drafts import ComposeState, DraftsState
from tests.state.driver import LOAD_PAGE, name_of, sign_in


@pytest.fixture
def writing(server, life):
    """`writing()`: a tab on the compose page, and whose it is."""

    def begin():
        own = life()
        return server.tab(sign_in(own.actor)).open(routes.fill(routes.COMPOSE, own.draft_id)), own

    return begin


def _kept(own):
    return db.read(drafts.get, own.actor, own.draft_id)


def test_each_pause_in_typing_is_kept_in_the_database(writing):
    tab, own = writing()
    for text in ("D", "Dear", "Dear Marcus"):
        tab.call(ComposeState.type_body(text))
        assert _kept(own).body == text
    tab.call(ComposeState.type_subject("News"))
    assert _kept(own).subject == "News"
    assert tab.shown(ComposeState, "saved").startswith("Saved")


@pytest.mark.parametrize("text", ["👩‍👧‍👦 🇺🇸 é", "שלום, מרכוס\nأهلا", "line\n\n\tindented  ", "<b>&amp;</b>", " "])
def test_every_script_and_sign_is_kept_as_it_was_typed(writing, text):
    tab, own = writing()
    tab.call(ComposeState.type_body(text)).call(ComposeState.type_subject(text))
    assert _kept(own).body == text
    assert _kept(own).subject == text
    assert tab.open(tab.address).shown(ComposeState, "body") == text


def test_a_letter_over_the_limit_is_kept_whole_and_says_by_how_much(writing):
    tab, own = writing()
    tab.call(ComposeState.type_body("é" * 10_000))
    assert tab.shown(ComposeState, "left") == "4,000 over the limit"
    assert tab.shown(ComposeState, "is_over")
    assert tab.shown(ComposeState, "cost") == "2 credits"
    assert tab.shown(ComposeState, "credits_after") == "19 now, 17 after sending"
    assert _kept(own).body == "é" * 10_000
    tab.call(ComposeState.proceed({"subject": "x", "body": "é" * 10_000}))
    assert "4,000 characters over the limit" in tab.shown(ComposeState, "problems")["body"]
    assert tab.address == routes.fill(routes.COMPOSE, own.draft_id)
    tab.call(ComposeState.type_body("é" * 6_000))
    assert tab.shown(ComposeState, "left") == "0 of 6,000 characters left"
    assert not tab.shown(ComposeState, "is_over")


def test_a_letter_past_what_a_draft_holds_says_so_and_keeps_the_last_that_fitted(writing):
    tab, own = writing()
    tab.call(ComposeState.type_body("fits")).call(ComposeState.type_body("x" * 99_000))
    assert tab.shown(ComposeState, "problems")["body"]
    assert _kept(own).body == "fits"


def test_continue_keeps_what_stands_in_the_fields_even_when_no_pause_was_told(writing):
    tab, own = writing()
    tab.call(ComposeState.proceed({"subject": "Last", "body": "Typed to the last key"}))
    assert (_kept(own).subject, _kept(own).body) == ("Last", "Typed to the last key")
    assert tab.address == routes.fill(routes.SEND, own.draft_id)


@pytest.mark.parametrize(
    ("form", "problems"), [({"subject": "", "body": "x"}, {"subject"}), ({"subject": "x", "body": " \n"}, {"body"})]
)
def test_continue_says_what_is_missing_and_keeps_the_rest(writing, form, problems):
    tab, own = writing()
    tab.call(ComposeState.proceed(form))
    assert set(tab.shown(ComposeState, "problems")) == problems
    assert (_kept(own).subject, _kept(own).body) == (form["subject"], form["body"])


def test_a_subject_typed_in_one_tab_leaves_the_message_of_another_alone(server, writing):
    tab, own = writing()
    other = server.tab(sign_in(own.actor)).open(tab.address)
    other.call(ComposeState.type_body("Newer words"))
    tab.call(ComposeState.type_subject("News"))
    assert (_kept(own).subject, _kept(own).body) == ("News", "Newer words")


def test_words_typed_before_the_page_was_ready_wipe_nothing(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.DASHBOARD)
    tab.address = routes.fill(routes.COMPOSE, own.draft_id)

    async def at_once() -> None:
        await tab.post(LOAD_PAGE)
        await tab.post(name_of(ComposeState, "type_body"), {"body": "Quick words"})

    server.run(at_once)
    assert _kept(own).body == "Quick words"
    assert _kept(own).subject == "Xanthippe writes"
    assert tab.shown(ComposeState, "body") == "Quick words"


def test_words_typed_after_the_server_forgot_the_page_are_kept_and_shown(server, writing):
    tab, own = writing()
    server.forget(tab)
    tab.call(ComposeState.type_body("After a long pause"))
    assert _kept(own).body == "After a long pause"
    assert _kept(own).subject == "Xanthippe writes"
    assert tab.shown(ComposeState, "body") == "After a long pause"


def test_words_typed_while_the_server_was_gone_are_kept_though_the_page_loads_in_the_same_moment(server, writing):
    tab, own = writing()
    server.forget(tab)

    async def all_at_once() -> None:
        await tab.connect()
        await tab.post(name_of(ComposeState, "type_body"), {"body": "Typed while it was gone."})
        await tab.post(LOAD_PAGE)

    server.run(all_at_once)
    assert _kept(own).body == "Typed while it was gone."
    assert tab.shown(ComposeState, "body") == "Typed while it was gone."


def test_words_typed_before_the_page_was_loaded_anew_are_put_into_the_field_again(server, writing):
    tab, own = writing()
    before = tab.shown(ComposeState, "page")
    server.forget(tab)
    tab.open(tab.address)
    assert tab.shown(ComposeState, "page") != before
    filled = tab.shown(ComposeState, "filled")
    tab.call(ComposeState.type_body("Typed while it was gone.", before))
    assert (_kept(own).body, tab.shown(ComposeState, "body")) == ("Typed while it was gone.",) * 2
    assert tab.shown(ComposeState, "filled") == filled + 1
    tab.call(ComposeState.type_body("And on.", tab.shown(ComposeState, "page")))
    assert tab.shown(ComposeState, "filled") == filled + 1


def test_words_of_two_fields_typed_at_once_are_both_kept(server, writing):
    tab, own = writing()

    async def at_once() -> None:
        await tab.post(name_of(ComposeState, "type_subject"), {"subject": "News"})
        await tab.post(name_of(ComposeState, "type_body"), {"body": "Words"})

    server.run(at_once)
    assert (_kept(own).subject, _kept(own).body) == ("News", "Words")


def test_going_to_another_draft_takes_no_words_along(writing):
    tab, own = writing()
    other = db.write(drafts.start, own.actor)
    db.write(drafts.save, own.actor, other, subject="Other", body="Other words")
    tab.call(ComposeState.type_body("Words"))
    tab.go(routes.fill(routes.COMPOSE, other))
    assert tab.shown(ComposeState, "body") == "Other words"
    tab.call(ComposeState.type_subject("Another"))
    assert db.read(drafts.get, own.actor, other).body == "Other words"
    assert _kept(own).body == "Words"
    tab.go(routes.DRAFTS)
    assert {line["subject"] for line in tab.shown(DraftsState, "drafts")} == {"Another", "Xanthippe writes"}


def test_choosing_a_contact_keeps_what_was_typed(writing):
    tab, own = writing()
    tab.call(ComposeState.type_body("Words")).call(ComposeState.choose_contact(str(own.contact_id)))
    assert _kept(own).body == "Words"
    assert tab.call(ComposeState.choose_contact("999")).shown(ComposeState, "contact_id") == str(own.contact_id)


def test_a_draft_that_was_discarded_elsewhere_says_so_and_takes_the_page_no_further(server, writing):
    tab, own = writing()
    db.write(drafts.discard, own.actor, own.draft_id)
    tab.call(ComposeState.type_body("Words"))
    assert "could not find this draft" in tab.said(ComposeState)


def test_a_contact_that_was_chosen_in_another_tab_is_shown_in_the_field(writing, life):
    tab, own = writing()
    other = life("Balthazar")
    db.write(facilities.add_location, own.actor, other.facility_id)
    second = db.write(contacts.add, own.actor, other.inmate_id).id
    tab.open(tab.address).call(ComposeState.choose_contact(str(own.contact_id)))
    turned = tab.shown(ComposeState, "turned")
    db.write(drafts.save, own.actor, own.draft_id, contact_id=second)
    tab.call(ComposeState.type_body("To whom?"))
    assert tab.shown(ComposeState, "contact_id") == str(second)
    # The field begins anew under another key; else it would go on showing who was chosen in it.
    assert tab.shown(ComposeState, "turned") == turned + 1
