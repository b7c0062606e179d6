"""Compose: write, check, accept the Terms and Conditions, send."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import alert, button, checkbox, field, link_button, select, text_input
from rxconnect.components.journeys import first_message_steps
from rxconnect.components.marks import marked
from rxconnect.components.message_form import message_figures, message_form, message_leftover, message_status
from rxconnect.components.photos import photo_strip
from rxconnect.components.pieces import back_link, card, card_head, empty_state, skeleton, summary_list
from rxconnect.components.sentences import plural, spliced
from rxconnect.domain.messages import ANSWER_COST
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.pages.family.draft_photos import photos_of_draft
from rxconnect.state.family.drafts import ComposeState, DraftsState, SendState
from rxconnect.state.session import SessionState


def compose_new() -> rx.Component:
    """Start a draft and go to it."""
    loading = rx.cond(ComposeState.problem == "", skeleton("tall"))
    return frame(_("Compose"), problem_of(ComposeState), loading, section="messaging")


def compose() -> rx.Component:
    """Write a message in an autosaved draft."""
    draft = ComposeState.draft
    return frame(
        _("Compose"),
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
        rx.cond(draft, _lane_note(draft)),
        rx.cond(
            (ComposeState.message_id > 0) | ComposeState.is_discarded,
            _draft_gone(),
            rx.cond(
                ComposeState.ready & draft,
                rx.el.div(_form(), _facility_notes(), class_name="grid"),
                rx.cond(ComposeState.problem == "", skeleton("tall")),
            ),
        ),
        section="messaging",
        above=rx.fragment(first_message_steps(3), back_link(_("Inbox"), routes.INBOX)),
    )


def send() -> rx.Component:
    """Check the message, accept the Terms and Conditions, and SEND."""
    draft = SendState.draft
    return frame(
        _("Read it once more"),
        problem_of(SendState),
        rx.cond(
            SendState.ready & draft,
            rx.el.div(
                rx.el.div(_lane_note(draft), _likely_to_be_held(), _preview(draft), class_name="stack"),
                _accept_and_send_form(draft),
                class_name="grid",
            ),
            rx.cond(SendState.problem == "", skeleton("tall")),
        ),
        section="messaging",
        above=first_message_steps(3),
        lead=_("This is how it will be read. Nothing is sent until you press Send."),
    )


def drafts() -> rx.Component:
    """Messages that are not sent yet."""
    return frame(
        _("Drafts"),
        problem_of(DraftsState),
        rx.cond(DraftsState.ready, card(_list(), class_name="narrow"), skeleton("block")),
        section="messaging",
        above=back_link(_("Inbox"), routes.INBOX),
        action=link_button(_("Write a message"), routes.COMPOSE_NEW),
    )


def _lane_note(draft) -> rx.Component:
    """What is true of the privileged lane for a sender who is or was verified as a lawyer."""
    tone = rx.cond(draft.is_privileged, "alert alert-good", "alert alert-wait")
    return rx.cond(draft.lane_note != "", rx.el.p(draft.lane_note, class_name=tone, role="status"))


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
            rx.el.div(_contact(), _subject_field(), class_name="lines"),
            rx.el.label(_("Message"), html_for="body", class_name="sr"),
            rx.el.textarea(
                id="body",
                name="body",
                placeholder=_("Write here"),
                custom_attrs={
                    "aria-describedby": "body-problem body-count",
                    "aria-invalid": rx.cond(state.problems["body"], "true", "false"),
                },
            ),
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
        rx.el.div(button(_("Continue"), type="submit", id="continue"), class_name="actions"),
        account=SessionState.browser_key,
        draft=state.draft,
        figures=state.figures,
        has_problem=(state.problem != "") | (state.problems.length() > 0),
        url=routes.fill(routes.KEEP_DRAFT, state.draft_id),
        on_reload=state.reload,
        on_go_on=state.check_and_preview,
        key=state.draft_id,
    )


def _paid_answer() -> rx.Component:
    label = rx.fragment(
        plural("Pay for the answer too ({count} credit)", "Pay for the answer too ({count} credits)", ANSWER_COST),
        rx.el.br(),
        rx.el.span(
            _("It is set aside with the letter, and comes back to you if no answer comes in time."), class_name="muted"
        ),
    )
    box = checkbox(label, name="pays", given=ComposeState.draft.answer_cost > 0, on_tell=ComposeState.pay_for_answer)
    return rx.el.div(box, class_name="paid-answer")


def _contact() -> rx.Component:
    state = ComposeState
    control = select(
        "contact",
        rx.el.option(_("Choose a contact"), value="", disabled=True),
        rx.foreach(state.contacts, lambda one: rx.el.option(f"{one.name}, {one.facility}", value=one.id.to_string())),
        problem=state.problems["contact"],
    )
    return rx.fragment(
        field(_("Contact"), control, name="contact", problem=state.problems["contact"]),
        rx.cond(
            ~state.contacts,
            alert(
                _("You have no contacts yet."),
                "wait",
                link_button(_("Find someone"), routes.FIND_FACILITY, variant="quiet sm"),
            ),
        ),
    )


def _subject_field() -> rx.Component:
    problem = ComposeState.problems["subject"]
    control = text_input("subject", problem=problem, auto_complete="off")
    return field(_("Subject"), control, name="subject", problem=problem)


def _facility_notes() -> rx.Component:
    draft = ComposeState.draft
    return rx.el.div(
        rx.cond(
            draft.review_time != "",
            rx.el.div(
                rx.el.h2(_("When it is read")),
                rx.el.p(draft.review_time, class_name="small muted"),
                class_name="stack-sm",
            ),
        ),
        rx.cond(
            draft.rules,
            rx.el.div(
                rx.el.h2(_("What this facility asks")),
                rx.el.ul(rx.foreach(draft.rules, rx.el.li), class_name="rules"),
                class_name="stack-sm",
            ),
        ),
        class_name="stack",
    )


def _likely_to_be_held() -> rx.Component:
    """What the facility's published rules find. It stops nobody."""
    notes = SendState.check.notes
    return rx.cond(
        SendState.check & (notes.length() > 0),
        rx.el.div(
            rx.el.p(_("Staff may look at this message longer, or not let it through:"), class_name="strong"),
            rx.el.ul(rx.foreach(notes, rx.el.li), class_name="rules"),
            rx.el.p(_("The places are marked below. You can change them, or send it as it is."), class_name="small"),
            class_name="alert alert-wait check-notes",
            role="status",
        ),
    )


def _preview(draft) -> rx.Component:
    return rx.el.article(
        rx.el.div(
            rx.el.span(*spliced(_("To {name}"), name=draft.contact), class_name="small muted"),
            rx.el.h2(marked(SendState.check.subject)),
            class_name="message-head",
        ),
        rx.el.div(marked(SendState.check.body), class_name="words"),
        photo_strip(draft.photos),
        class_name="card paper",
    )


def _accept_and_send_form(draft) -> rx.Component:
    return card(
        card_head(_("Send")),
        rx.el.div(
            summary_list(
                (_("To"), draft.contact),
                (_("Facility"), draft.facility),
                (_("It costs"), SendState.cost),
                (_("Left after sending"), SendState.after),
            ),
            rx.el.p(
                _("The credit is set aside now, and spent only when the message is delivered."),
                class_name="small muted",
            ),
            rx.cond(
                draft.answer_cost > 0,
                rx.el.p(
                    _("This includes the answer. Its credit comes back to you if no answer comes in time."),
                    class_name="small muted",
                ),
            ),
            checkbox(
                rx.fragment(
                    *spliced(
                        _("I accept the {terms}."),
                        terms=rx.el.a(_("Terms and Conditions"), href=routes.TERMS, target="_blank"),
                    )
                ),
                name="accepts",
                given=SendState.accepts,
                on_tell=SendState.accept_terms,
                problem=SendState.problems["accepts"],
            ),
            class_name="card-body stack-sm",
        ),
        rx.el.div(
            link_button(_("Back"), routes.fill(routes.COMPOSE, draft.id), variant="quiet"),
            button(
                _("Send"),
                id="send",
                on_click=SendState.send,
                # Only looks disabled: a press may follow the checkbox faster than our answer to it.
                custom_attrs={"aria-disabled": rx.cond(SendState.accepts, "false", "true")},
            ),
            class_name="card-foot",
        ),
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
    )
