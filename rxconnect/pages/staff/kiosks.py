"""Kiosks: the tablets of a facility and their codes, and PINs for the people there."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.asking import asking
from rxconnect.components.forms import alert, button, field, text_input
from rxconnect.components.pieces import card, card_head, empty_state, pill, skeleton_columns
from rxconnect.components.places import place_links
from rxconnect.components.sentences import named, spliced
from rxconnect.domain.kiosk import DEVICE_NAME_MAX
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import refused_card, staff_frame
from rxconnect.state.staff.kiosks import KiosksState

_VIEW = KiosksState.view


def kiosks() -> rx.Component:
    """The kiosks of one facility."""
    return staff_frame(
        _("Kiosks"),
        rx.cond(_VIEW, place_links(_VIEW.facilities, routes.STAFF_KIOSKS)),
        problem_of(KiosksState),
        rx.cond(
            KiosksState.ready,
            rx.cond(
                _VIEW,
                rx.el.div(
                    rx.el.div(rx.cond(_VIEW.may_set_pins, _pins()), class_name="stack"),
                    rx.el.div(_devices(), rx.cond(_VIEW.may_manage, _add()), class_name="stack"),
                    class_name="grid",
                ),
                rx.cond(KiosksState.is_refused, _refused()),
            ),
            skeleton_columns(("form",), ("rows", "form")),
        ),
        section="kiosks",
        lead=rx.cond(_VIEW, _VIEW.facility, "\u00a0"),
    )


def _refused() -> rx.Component:
    return refused_card(
        _("This page is for the mail room and administrators"),
        _("It shows the tablets at a facility. If somebody needs a PIN, ask the mail room."),
    )


def _pins() -> rx.Component:
    return card(
        card_head(_("A PIN for somebody")),
        rx.el.div(
            rx.el.form(
                field(
                    _("Inmate number"),
                    text_input(
                        "number",
                        problem=KiosksState.problems["number"],
                        given=KiosksState.number,
                        auto_complete="off",
                        spell_check=False,
                    ),
                    name="number",
                    problem=KiosksState.problems["number"],
                ),
                rx.el.div(button(_("Look up"), type="submit", variant="quiet sm")),
                on_submit=KiosksState.find_person,
                no_validate=True,
                class_name="stack-sm",
            ),
            rx.cond(KiosksState.person, _person()),
            rx.cond(KiosksState.new_pin, _new_pin()),
            class_name="card-body stack-sm",
        ),
        rx.el.p(
            _(
                "They choose their own PIN at the first sign-in, and nobody else knows it. Each new PIN is in the audit."
            ),
            class_name="card-foot small muted",
        ),
    )


def _person() -> rx.Component:
    person = KiosksState.person
    give = rx.cond(person.has_pin, _("Replace the PIN"), _("Make a PIN"))
    return rx.el.div(
        rx.el.p(
            rx.el.span(person.name, class_name="strong"),
            rx.cond(person.housing != "", " · " + person.housing, ""),
            rx.el.br(),
            rx.el.span(person.number, " · ", person.pin, class_name="small muted"),
        ),
        rx.cond(
            person.is_slowed,
            alert(
                _("Wrong PINs were tried for this person, so they wait at some kiosks."),
                "wait",
                button(_("Let them try now"), variant="quiet sm", on_click=KiosksState.unlock(person.inmate_id)),
            ),
        ),
        rx.el.div(button(give, variant="sm", on_click=KiosksState.give_pin(person.inmate_id))),
        class_name="stack-sm",
    )


def _new_pin() -> rx.Component:
    new = KiosksState.new_pin
    return _shown_once(
        _("PIN of {name}, {number}").format(name=new.name, number=new.number),
        new.pin,
        _("Hand it over on paper. It is shown this one time."),
    )


def _shown_once(title, secret, hint: str) -> rx.Component:
    return rx.el.div(
        rx.el.p(title, class_name="small"),
        rx.el.p(rx.el.output(secret), class_name="kiosk-secret"),
        rx.el.p(hint, class_name="small muted"),
        class_name="kiosk-once",
        role="status",
    )


def _devices() -> rx.Component:
    return card(
        card_head(_("Kiosks")),
        rx.cond(KiosksState.new_code, rx.el.div(_new_code(), class_name="card-body")),
        rx.cond(
            _VIEW.devices,
            rx.el.ul(rx.foreach(_VIEW.devices, _device), class_name="rows devices", aria_label=_("Kiosks")),
            empty_state("lock", _("No kiosk yet"), _("Add one, and enter its code on the tablet.")),
        ),
    )


def _new_code() -> rx.Component:
    new = KiosksState.new_code
    return _shown_once(
        _("Code of {name}").format(name=new.device),
        new.code,
        _("It is shown this one time, works once, and for seven days."),
    )


def _device(device) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(device.name, class_name="strong"),
            rx.el.p(pill(device.state, device.tone)),
            rx.el.p(
                rx.cond(
                    device.last_used != "",
                    _("last used {when}").format(when=device.last_used),
                    _("made {day}, not used yet").format(day=device.made),
                ),
                class_name="small muted",
            ),
            class_name="whole",
        ),
        rx.cond(_VIEW.may_manage & device.may_be_revoked, rx.el.div(*_device_actions(device), class_name="row whole")),
        key=device.id,
    )


def _device_actions(device) -> list[rx.Component]:
    renew = button(
        _("New code"),
        variant="quiet sm",
        on_click=KiosksState.renew(device.id),
        aria_label=_("New code for {name}").format(name=device.name),
    )
    revoke = asking(
        _("Take out of use"),
        _("Take {name} out of use? Whoever uses it is signed out, and it cannot be used again.").format(
            name=device.name
        ),
        _("Take it out of use"),
        KiosksState.revoke(device.id),
        id="ask-kiosk-" + device.id.to_string(),
        variant="quiet sm danger",
        aria_label=named(_("Take out of use"), device.name),
    )
    return [renew, revoke]


def _add() -> rx.Component:
    return card(
        card_head(_("Add a kiosk")),
        rx.el.form(
            field(
                _("Its name"),
                text_input(
                    "name",
                    problem=KiosksState.problems["name"],
                    hint=True,
                    given=KiosksState.name,
                    auto_complete="off",
                    max_length=DEVICE_NAME_MAX,
                ),
                name="name",
                problem=KiosksState.problems["name"],
                hint=_("Where it stands: Unit C, day room."),
            ),
            rx.el.div(button(_("Add and show the code"), type="submit", variant="sm")),
            on_submit=KiosksState.add,
            no_validate=True,
            class_name="card-body stack-sm",
        ),
        rx.el.p(
            rx.el.span(
                *spliced(
                    _("On the tablet, open the page {address} of this website, and enter the code there."),
                    address=rx.el.span(routes.KIOSK, class_name="strong"),
                )
            ),
            class_name="card-foot small muted",
        ),
    )
