"""Compose: write a message in an autosaved draft, and the list of drafts."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import alert, button, checkbox, field, link_button, select, text_input
from rxconnect.components.go_keys import go_keys
from rxconnect.components.journeys import first_message_steps
from rxconnect.components.message_form import (
    message_beginnings,
    message_figures,
    message_form,
    message_leftover,
    message_status,
)
from rxconnect.components.own_texts import own_text_item
from rxconnect.components.pieces import (
    back_link,
    card,
    empty_state,
    skeleton,
    skeleton_columns,
)
from rxconnect.components.sentences import plural, spliced
from rxconnect.domain.messages import ANSWER_COST
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.pages.family.draft_photos import photos_of_draft
from rxconnect.state.family.drafts import ComposeState, DraftsState
from rxconnect.state.session import SessionState


def compose_new() -> rx.Component:
    """Start a draft and go to it."""
    loading = rx.cond(ComposeState.problem == "", skeleton_columns(("letter",), ("block",)))
    return frame(_("Compose"), problem_of(ComposeState), loading, section="messaging", screen=ComposeState)


def compose() -> rx.Component:
    """Write a message in an autosaved draft."""
    draft = ComposeState.draft
    return frame(
        rx.cond(
            draft & (draft.contact_first_name != ""),
            _("Write to {first_name}").format(first_name=draft.contact_first_name),
            _("Compose"),
        ),
        rx.cond(
            ComposeState.problem != "",
            alert(
                ComposeState.problem,
                "bad",
                rx.cond(
                    draft & (draft.credits_before < draft.cost),
                    link_button(
                        _("Buy credits"),
                        routes.with_query(routes.BUY_CREDITS, facility=draft.facility_id),
                        variant="quiet sm",
                    ),
                ),
            ),
        ),
        rx.cond(draft & (draft.absence_note != ""), alert(draft.absence_note, "wait")),
        rx.cond(draft & (draft.blocked_by_staff != ""), alert(draft.blocked_by_staff, "wait")),
        rx.cond(draft, lane_note(draft)),
        rx.cond(
            (ComposeState.message_id > 0) | ComposeState.is_discarded,
            _draft_gone(),
            rx.cond(
                ComposeState.ready & draft,
                rx.el.div(
                    rx.el.div(_answered(draft.answered), _form(), class_name="stack"),
                    _facility_notes(),
                    class_name="grid",
                ),
                rx.cond(ComposeState.problem == "", skeleton_columns(("letter",), ("block",))),
            ),
        ),
        section="messaging",
        screen=ComposeState,
        above=rx.fragment(first_message_steps(3, SessionState.steps_done), back_link(_("Inbox"), routes.INBOX)),
    )


def drafts() -> rx.Component:
    """Messages that are not sent yet."""
    return frame(
        _("Drafts"),
        problem_of(DraftsState),
        rx.cond(DraftsState.ready, card(_list(), class_name="narrow"), skeleton("rows", narrow=True)),
        section="messaging",
        above=back_link(_("Inbox"), routes.INBOX),
        action=link_button(_("Write a message"), routes.COMPOSE_NEW),
    )


def compose_name(otherwise: str) -> rx.Var[str]:
    """The draft's name for the browser's title: the person."""
    draft = ComposeState.draft
    to = _("Write to {name}").format(name=draft.contact)
    return rx.cond(ComposeState.ready & draft & (draft.contact != ""), to, otherwise)


def lane_note(draft) -> rx.Component:
    """What is true of the privileged lane for a sender who is or was verified as a lawyer."""
    tone = rx.cond(draft.is_privileged, "alert alert-good", "alert alert-wait")
    return rx.cond(draft.lane_note != "", rx.el.p(draft.lane_note, class_name=tone, role="status"))


def _answered(letter) -> rx.Component:
    """The letter that this one answers, open above it. A long one scrolls within itself, so it needs the keyboard."""
    return rx.cond(
        letter,
        rx.el.details(
            rx.el.summary(_("{name} wrote on {day}").format(name=letter.name, day=letter.at)),
            rx.el.div(
                rx.cond(letter.subject != "", rx.el.p(letter.subject, class_name="strong")),
                rx.el.div(letter.body),
                class_name="other-words",
                dir="auto",
                tab_index=0,
                role="region",
                aria_label=_("The letter that you answer"),
            ),
            open=True,
            class_name="answered",
        ),
    )


def _draft_gone() -> rx.Component:
    """Shown when another tab or device has sent or discarded the draft, with the text that was not saved in time."""
    state = ComposeState
    return rx.el.div(
        rx.cond(
            state.is_discarded,
            alert(_("This draft was discarded in another window."), "wait"),
            alert(
                _("This message was sent in another window."),
                "good",
                link_button(_("See the message"), routes.fill(routes.MESSAGE, state.message_id), variant="quiet sm"),
            ),
        ),
        message_leftover(account=SessionState.browser_key, draft=state.draft_id, on_use=state.start_draft_with_text),
        class_name="stack",
    )


def _form() -> rx.Component:
    state = ComposeState
    return message_form(
        card(
            rx.el.div(
                rx.cond(state.draft.answered, _answered_person(), _contact()), _subject_field(), class_name="lines"
            ),
            rx.el.label(_("Message"), html_for="body", class_name="sr"),
            rx.el.textarea(
                id="body",
                name="body",
                placeholder=_("Write here"),
                dir="auto",
                custom_attrs={
                    "aria-describedby": "body-problem body-count",
                    "aria-invalid": rx.cond(state.problems["body"], "true", "false"),
                },
            ),
            message_beginnings(beginnings=state.beginnings),
            rx.el.div(
                message_figures(),
                message_status(),
                class_name="paper-foot",
            ),
            class_name="paper",
        ),
        rx.el.p(state.problems["body"], id="body-problem", class_name="problem", role="alert"),
        photos_of_draft(),
        rx.cond(state.draft.can_pay_for_answer, _paid_answer()),
        rx.el.div(button(_("Continue"), type="submit", id="continue"), class_name="actions thumb"),
        go_keys(target="continue"),
        account=SessionState.browser_key,
        draft=state.draft,
        figures=state.figures,
        has_problem=(state.problem != "") | (state.problems.length() > 0),
        url=routes.fill(routes.KEEP_DRAFT, state.draft_id),
        focuses_body=rx.cond(state.draft.answered, True, False),
        on_reload=state.reload,
        on_go_on=state.check_and_preview,
        key=state.draft_id,
    )


def _paid_answer() -> rx.Component:
    label = rx.fragment(
        plural("Pay for the answer too ({count} credit)", "Pay for the answer too ({count} credits)", ANSWER_COST),
        rx.el.br(),
        rx.el.span(
            _("It is set aside with the message, and comes back to you if no answer comes in time."), class_name="muted"
        ),
    )
    box = checkbox(label, name="pays", given=ComposeState.draft.answer_cost > 0, on_tell=ComposeState.pay_for_answer)
    return rx.el.div(box, class_name="paid-answer")


def _contact() -> rx.Component:
    state = ComposeState
    control = select(
        "contact",
        rx.el.option(_("Choose a contact"), value="", disabled=True),
        rx.foreach(
            state.contacts, lambda one: rx.el.option(f"{one.name}, {one.facility_short}", value=one.id.to_string())
        ),
        problem=state.problems["contact"],
    )
    return rx.fragment(
        field(_("Contact"), control, name="contact", problem=state.problems["contact"]),
        rx.cond(
            ~state.contacts,
            alert(
                _("You have no contacts yet."),
                "note",
                link_button(_("Find someone"), routes.FIND_FACILITY, variant="quiet sm"),
            ),
        ),
    )


def _answered_person() -> rx.Component:
    """To whom an answer goes, as text: a key that is pressed by mistake must not send it to somebody else."""
    draft, problem = ComposeState.draft, ComposeState.problems["contact"]
    return rx.el.div(
        rx.el.p(
            *spliced(_("To {name}"), name=rx.el.strong(draft.contact)),
            rx.el.span(" · ", draft.contact_number, class_name="muted num"),
            id="contact",
            tab_index=-1,
        ),
        rx.el.input(type="hidden", name="contact"),
        rx.el.p(problem, id="contact-problem", class_name="problem", role="alert"),
        class_name="field",
    )


def _subject_field() -> rx.Component:
    problem = ComposeState.problems["subject"]
    control = text_input("subject", problem=problem, auto_complete="off", dir="auto")
    return field(_("Subject (optional)"), control, name="subject", problem=problem)


def _facility_notes() -> rx.Component:
    draft = ComposeState.draft
    return rx.el.div(
        rx.cond(
            draft.review_time != "",
            rx.el.div(
                rx.el.h2(_("How long it takes")),
                rx.el.p(draft.review_time, class_name="small muted"),
                class_name="stack-sm",
            ),
        ),
        rx.cond(
            # They are about letters that staff read.
            (draft.rules.length() > 0) & ~draft.is_privileged,
            rx.el.div(
                rx.el.h2(_("Rules of this facility")),
                rx.el.ul(rx.foreach(draft.rules, own_text_item), class_name="rules"),
                class_name="stack-sm",
            ),
        ),
        rx.cond(
            draft.facility_key != "",
            # In a window of its own, so that nobody leaves the letter.
            rx.el.a(
                _("Prices, rules and address of {facility}").format(facility=draft.facility),
                href=routes.fill(routes.FACILITY, draft.facility_key),
                target="_blank",
                class_name="small",
            ),
        ),
        class_name="stack",
    )


def _list() -> rx.Component:
    return rx.cond(
        DraftsState.drafts,
        rx.el.ul(rx.foreach(DraftsState.drafts, _draft_row), class_name="rows"),
        empty_state("drafts", _("No drafts"), _("What you write is saved here by itself until you send it.")),
    )


def _draft_row(draft) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.cond(draft.subject, draft.subject, _("Without a subject")),
            href=routes.fill(routes.COMPOSE, draft.id),
            class_name="row-link",
            dir="auto",
        ),
        rx.el.span(
            rx.cond(draft.contact, _("To {name}").format(name=draft.contact) + " · ", ""),
            draft.saved,
            class_name="small muted",
        ),
        rx.el.div(
            button(
                _("Discard"),
                variant="plain sm",
                on_click=DraftsState.discard(draft.id),
                aria_label=_("Discard {subject}").format(subject=draft.subject),
            ),
            class_name="row-actions",
        ),
        key=draft.id,
    )
