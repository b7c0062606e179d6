"""The dashboard."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button, link_button
from rxconnect.components.install import install_card
from rxconnect.components.journeys import first_message_titles
from rxconnect.components.messages import letter_list
from rxconnect.components.pieces import card, card_head, empty_state, pill, skeleton_columns
from rxconnect.components.wallets import wallet_list
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.pages.family.quick_letters import quick_letter
from rxconnect.state.family.dashboard import DashboardState
from rxconnect.state.family.quick_letters import QuickLetterState
from rxconnect.state.family.walkthrough import WalkthroughState
from rxconnect.state.session import SessionState


def dashboard() -> rx.Component:
    """New messages, messages in review, and credits left."""
    return frame(
        rx.cond(
            SessionState.first_name != "",
            _("Hello, {first_name}").format(first_name=SessionState.first_name),
            _("Hello"),
        ),
        problem_of(DashboardState),
        rx.cond(DashboardState.ready, _dashboard_cards(), skeleton_columns(("threads",), ("wallets",))),
        section="dashboard",
        lead=rx.cond(
            DashboardState.ready,
            rx.cond(
                DashboardState.letters, rx.el.a(DashboardState.lead, href=DashboardState.lead_href), DashboardState.lead
            ),
            "\u00a0",
        ),
        action=rx.cond(DashboardState.ready & DashboardState.may_write, _compose_button()),
    )


def _dashboard_cards() -> rx.Component:
    return rx.el.div(
        rx.cond(DashboardState.is_new, _get_started()),
        rx.cond(DashboardState.fates, _fates()),
        quick_letter(),
        rx.cond(
            (DashboardState.letters.length() > 0) | (DashboardState.wallets.length() > 0),
            rx.el.div(
                _messages(),
                rx.el.div(
                    _credits(),
                    rx.cond(DashboardState.drafts, _drafts()),
                    rx.cond(DashboardState.is_new, None, install_card(may_close=True)),
                    class_name="stack",
                ),
                class_name="grid",
            ),
        ),
        class_name="stack",
    )


def _compose_button() -> rx.Component:
    """The button to compose. It is quiet beside GET STARTED, or beside a letter that can be begun right here."""
    label, href = _("Write a message"), routes.COMPOSE_NEW
    return rx.cond(
        DashboardState.is_new | QuickLetterState.letter,
        link_button(label, href, variant="quiet"),
        link_button(label, href),
    )


def _get_started() -> rx.Component:
    """The GET STARTED box of a new account."""
    return rx.el.section(
        rx.el.h2(rx.cond(DashboardState.is_under_way, _("Go on where you left off"), _("Write your first message"))),
        rx.el.p(
            rx.cond(
                DashboardState.is_under_way,
                DashboardState.next_step,
                _(
                    "To write to someone you need their facility, the person, and message credits. "
                    "We lead you through it, and you can stop and come back at any time."
                ),
            )
        ),
        rx.el.ol(*(_step(place, name) for place, name in enumerate(first_message_titles()))),
        button(
            rx.cond(DashboardState.is_under_way, _("Continue"), _("Get started")),
            id="get-started",
            on_click=WalkthroughState.start_or_resume,
        ),
        class_name="welcome",
    )


def _step(place: int, name: str) -> rx.Component:
    is_done = DashboardState.is_under_way & SessionState.steps_done[place]
    is_next = DashboardState.is_under_way & (DashboardState.next_place == place)
    return rx.el.li(
        name,
        rx.cond(is_done, rx.el.span(", ", _("done"), class_name="sr")),
        class_name=rx.cond(is_done, "done", ""),
        custom_attrs={"aria-current": rx.cond(is_next, "step", "false")},
    )


def _fates() -> rx.Component:
    """What became of people: released, moved, missing from the list, or back on it."""
    line = lambda fate: rx.el.li(  # noqa: E731 - one line of a list
        rx.el.a(fate.name, href=routes.fill(routes.THREAD, fate.contact_id), class_name="row-link"),
        pill(fate.label, "wait"),
        rx.el.span(fate.note, class_name="small whole"),
    )
    return card(
        card_head(_("News of people you write to")),
        rx.el.ul(rx.foreach(DashboardState.fates, line), class_name="rows"),
    )


def _messages() -> rx.Component:
    return card(
        card_head(
            _("Messages"),
            rx.el.a(_("See all"), href=routes.INBOX, class_name="small", aria_label=_("See all messages")),
        ),
        rx.cond(
            DashboardState.letters,
            letter_list(DashboardState.letters),
            empty_state(
                "envelope", _("No messages yet"), _("What you send, and what is written to you, will be here.")
            ),
        ),
    )


def _credits() -> rx.Component:
    return card(
        card_head(_("Credits"), rx.el.a(_("Buy credits"), href=routes.BUY_CREDITS, class_name="small")),
        wallet_list(DashboardState.wallets),
    )


def _drafts() -> rx.Component:
    line = lambda draft: rx.el.li(  # noqa: E731 - one line of a list
        rx.el.a(
            rx.cond(draft.subject, draft.subject, _("Without a subject")),
            href=routes.fill(routes.COMPOSE, draft.id),
            class_name="row-link",
            dir="auto",
        ),
        rx.el.span(draft.contact, class_name="small muted"),
    )
    return card(
        card_head(
            _("Drafts"), rx.el.a(_("See all"), href=routes.DRAFTS, class_name="small", aria_label=_("See all drafts"))
        ),
        rx.el.ul(rx.foreach(DashboardState.drafts, line), class_name="rows"),
    )
