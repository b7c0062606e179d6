"""The last look at a message: read it again, accept the Terms and Conditions, send."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button, checkbox, link_button
from rxconnect.components.go_keys import go_keys
from rxconnect.components.journeys import first_message_steps
from rxconnect.components.marks import marked
from rxconnect.components.photos import photo_strip
from rxconnect.components.pieces import card, card_head, skeleton_columns, summary_list
from rxconnect.components.sentences import spliced
from rxconnect.components.terms import terms_sections
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.pages.family.drafts import lane_note
from rxconnect.state.family.drafts import SendState
from rxconnect.state.session import SessionState


def send() -> rx.Component:
    """Check the message, accept the Terms and Conditions, and SEND."""
    draft = SendState.draft
    return frame(
        _("Read it once more"),
        problem_of(SendState),
        rx.cond(
            SendState.ready & draft,
            rx.el.div(
                rx.el.div(lane_note(draft), _likely_to_be_held(), _preview(draft), class_name="stack"),
                _accept_and_send_form(draft),
                class_name="grid",
            ),
            rx.cond(SendState.problem == "", skeleton_columns(("letter",), ("summary",))),
        ),
        section="messaging",
        screen=SendState,
        above=first_message_steps(3, SessionState.steps_done),
        lead=_("This is how it will be read. Nothing is sent until you press Send."),
    )


def send_name(otherwise: str) -> rx.Var[str]:
    """The name of the last look at a draft for the browser's title: the person."""
    draft = SendState.draft
    to = _("Send to {name}").format(name=draft.contact)
    return rx.cond(SendState.ready & draft, to, otherwise)


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
            rx.el.h2(marked(SendState.check.subject), dir="auto"),
            class_name="message-head",
        ),
        rx.el.div(marked(SendState.check.body), class_name="words", dir="auto"),
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
            _terms(),
            class_name="card-body stack-sm",
        ),
        rx.el.div(
            checkbox(
                _("I accept the Terms and Conditions."),
                name="accepts",
                given=SendState.accepts,
                on_tell=SendState.accept_terms,
                problem=SendState.problems["accepts"],
            ),
            class_name="accept-line",
        ),
        rx.el.div(
            rx.el.p(
                rx.cond(
                    SendState.accepts,
                    _("You have accepted them. Your message goes when you press Send."),
                    _("Send waits until you accept the Terms and Conditions."),
                ),
                id="send-waits",
                role="status",
                class_name="small muted",
            ),
            link_button(_("Back"), routes.fill(routes.COMPOSE, draft.id), variant="quiet"),
            button(
                _("Send"),
                id="send",
                on_click=SendState.send,
                # Only looks disabled: a press may follow the checkbox faster than our answer to it.
                custom_attrs={
                    "aria-disabled": rx.cond(SendState.accepts, "false", "true"),
                    "aria-describedby": "send-waits",
                },
            ),
            go_keys(target="send"),
            class_name="card-foot send-foot thumb pinned",
        ),
    )


def _terms() -> rx.Component:
    """The Terms and Conditions, opened in place, so that nobody leaves the letter to read them."""
    return rx.el.details(
        rx.el.summary(_("Read the Terms and Conditions")),
        rx.el.div(
            *terms_sections(rx.el.h3), class_name="stack small", tab_index=0, role="region", aria_label=_("The terms")
        ),
        class_name="terms",
    )
