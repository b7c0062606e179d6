"""A facility of the audience's own: the trainer's form."""

import reflex as rx

from rxconnect import routes
from rxconnect.demo import own_facility
from rxconnect.domain.demo import Seat
from rxconnect.domain.own_facility import FIELDS, SavedFacility
from rxconnect.i18n import _
from rxconnect.state.guard import Text, seat
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import in_thread


class OwnFacilityState(Screen, rx.State):
    """The form. `given` is what its fields show, by name; `hint` says more about what was saved last."""

    given: dict[str, str] = {}
    hint: str = ""

    @seat
    async def load(self, seat: Seat):
        """Load the facility as the session's world has it. Everybody but the trainer is led to the room."""
        if not seat.is_trainer:
            return rx.redirect(routes.DEMO_ROOM, replace=True)
        self.given, self.hint = await in_thread(own_facility.values, seat), ""
        self.ready = True
        return None

    @seat
    async def save(self, seat: Seat, form: dict[str, Text]):
        """Save the form as the session's administrator."""
        self.given, self.hint = {name: form.get(name, "") for name in FIELDS}, ""
        saved = await in_thread(own_facility.save, seat, self.given)
        self.given = await in_thread(own_facility.values, seat)
        self.hint = _hint(saved)
        (await self.get_state(SessionState))._show_notice(
            _("Saved. Every page of this session that is opened from now on is about {facility}.").format(
                facility=saved.facility
            )
        )


def _hint(saved: SavedFacility) -> str:
    if saved.waiting:
        return _(
            "Of the letters of the last 30 days, staff approved most of those that your words would have held. So a second "
            "administrator must switch the rule on, on the page of rules."
        )
    if saved.is_beginning:
        return _("The session begins like this now. Going back to before a step keeps it.")
    return _("Going back to before a step that is done already takes this back, too.")
