"""Notices: what the account is told by email, when, and on which screens."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import alert, button, select
from rxconnect.components.pieces import back_link, card, card_head, credit_count, skeleton_columns
from rxconnect.components.push import push_switch
from rxconnect.domain.notices import ALWAYS, LOW_CREDITS_LEVELS, OPTIONAL, NoticeKind, Pace
from rxconnect.i18n import _, counted
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.state.family.notices import NoticesState


def notices() -> rx.Component:
    """The choices of the account."""
    return frame(
        _("Notices"),
        problem_of(NoticesState),
        rx.cond(
            NoticesState.ready,
            rx.el.div(
                rx.el.div(_address_problem(), _choices(), class_name="stack"),
                rx.el.div(_push(), _low_credits(), _always(), class_name="stack"),
                class_name="grid",
            ),
            skeleton_columns(("rows", "rows"), ("rows",)),
        ),
        section="profile",
        above=back_link(_("Profile"), routes.PROFILE),
        lead=_("Our emails say that something happened. They never contain a word of a message."),
    )


def _address_problem() -> rx.Component:
    """What is wrong with the address, and the way to prove that it works."""
    state = NoticesState

    def send(what_the_link_does: str) -> rx.Component:
        return rx.cond(
            state.link_was_sent,
            rx.el.span(what_the_link_does, role="status", class_name="small"),
            button(_("Send a link"), variant="sm", on_click=state.send_link),
        )

    return rx.cond(
        state.comes_back,
        alert(
            _(
                "Emails to {address} come back, so we stopped sending most of them. Does it work again? Then open the link that "
                "we send you."
            ).format(address=state.address),
            "bad",
            send(_("We sent a link. Opening it turns emails on again.")),
        ),
        rx.cond(
            state.is_confirmed,
            None,
            alert(
                _("{address} is not confirmed yet. Until it is, we only write about money and sign-ins.").format(
                    address=state.address
                ),
                "wait",
                send(_("We sent a link. Opening it confirms your address.")),
            ),
        ),
    )


def _choices() -> rx.Component:
    return card(
        card_head(_("By email")),
        rx.el.ul(*map(_choice, OPTIONAL), class_name="rows choices"),
        rx.el.p(
            _("What you choose to get once a day comes in one email, at {time} where your first location is.").format(
                time=NoticesState.digest_at
            ),
            class_name="card-foot small muted",
        ),
    )


def _choice(kind: NoticeKind) -> rx.Component:
    name = f"pace-{kind.value}"
    return rx.el.li(
        rx.el.label(kind.label, html_for=name, class_name="strong"),
        rx.el.p(kind.hint, id=f"{name}-hint", class_name="small muted"),
        select(
            name,
            *(rx.el.option(pace.label, value=pace.value) for pace in Pace),
            given=NoticesState.paces[kind.value],
            on_tell=NoticesState.choose(kind.value),
            hint=True,
        ),
    )


def _low_credits() -> rx.Component:
    """Below how many credits each wallet counts as low."""
    return rx.cond(
        NoticesState.levels,
        card(
            card_head(_("Low credits")),
            rx.el.ul(rx.foreach(NoticesState.levels, _level), class_name="rows choices levels"),
            rx.el.p(
                _("We tell you once, when a message brings you below the number. Where auto-reload is on, we do not."),
                class_name="card-foot small muted",
            ),
        ),
    )


def _level(wallet) -> rx.Component:
    name = f"level-{wallet.facility_id}"
    never, *levels = LOW_CREDITS_LEVELS
    return rx.el.li(
        rx.el.label(wallet.facility, html_for=name, class_name="strong"),
        rx.el.p(credit_count(wallet.credits), class_name="small muted num"),
        select(
            name,
            rx.el.option(_("Never"), value=str(never)),
            *(
                rx.el.option(counted("Below {count} credit", "Below {count} credits", level), value=str(level))
                for level in levels
            ),
            given=wallet.level,
            on_tell=NoticesState.choose_level(wallet.facility_id),
        ),
    )


def _always() -> rx.Component:
    return card(
        card_head(_("Always sent")),
        rx.el.div(
            rx.el.p(_("Emails about money and about your sign-ins cannot be switched off:"), class_name="small muted"),
            rx.el.dl(
                *(
                    part
                    for kind in ALWAYS
                    for part in (
                        rx.el.dt(kind.label, class_name="small strong"),
                        rx.el.dd(kind.hint, class_name="small muted"),
                    )
                ),
                class_name="always",
            ),
            class_name="card-body stack-sm",
        ),
    )


def _push() -> rx.Component:
    """Notices on this screen, where the browser can show them and the installation has a key."""
    state = NoticesState
    return rx.cond(state.push_key != "", push_switch(key=state.push_key, is_on=state.is_pushed))
