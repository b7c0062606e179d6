"""The settings of a facility: whether it takes messages, its price, its times, and the texts of its reasons."""

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound
from rxconnect.domain.facility_settings import SettingsView
from rxconnect.domain.messages import Reason
from rxconnect.i18n import _
from rxconnect.services.audit.recording import record
from rxconnect.services.directory import facility_settings
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Text, staff
from rxconnect.state.session import Screen, SessionState

# The field of each reason's text. A reason has blanks, which no name of a field may have.
REASON_FIELDS = {f"rule_{number}": reason for number, reason in enumerate(Reason, start=1)}


class FacilitySettingsState(Screen, rx.State):
    """The settings of one facility. `given` is what the fields of both forms show, by name."""

    view: SettingsView | None = None
    is_refused: bool = False
    given: dict[str, str] = {}

    @staff
    async def load(self, caller: Caller):
        """Load the facility in the address, or the first one."""
        self.is_refused = False
        try:
            facility_id = address.id_in_query(self, "facility", "facility")
            self._show(await caller.write(_seen, facility_id))
        except NotAllowed:
            self.view, self.is_refused = None, True
        self.ready = True

    @staff
    async def save(self, caller: Caller, form: dict[str, Text]):
        """Save the settings of the first form."""
        wanted = {name: text for name, text in form.items() if name in self._view.values}
        self.given = self.given | wanted
        changed = await caller.write(facility_settings.save, self._view.facility_id, wanted)
        await self._reload(caller, changed)

    @staff
    async def save_reasons(self, caller: Caller, form: dict[str, Text]):
        """Save the facility's own texts of the reasons."""
        texts = {name: form[name] for name in REASON_FIELDS if name in form}
        self.given = self.given | texts
        by_reason = {REASON_FIELDS[name]: text for name, text in texts.items()}
        try:
            changed = await caller.write(facility_settings.save_reasons, self._view.facility_id, by_reason)
        except Invalid as error:
            raise Invalid(
                **{name: error.fields[reason] for name, reason in REASON_FIELDS.items() if reason in error.fields}
            ) from None
        await self._reload(caller, changed)

    @staff
    async def save_translations(self, caller: Caller, form: dict[str, Text]):
        """Save how the facility's own texts read in the language of the form."""
        language = form.get("text_language", "")
        self.given = self.given | {name: text for name, text in form.items() if name in self.given}
        changed = await caller.write(facility_settings.save_translations, self._view.facility_id, language, form)
        await self._reload(caller, changed)

    @property
    def _view(self) -> SettingsView:
        if self.view is None:
            raise NotFound("facility")
        return self.view

    async def _reload(self, caller: Caller, changed: int) -> None:
        self._show(await caller.read(facility_settings.settings, self._view.facility_id))
        sentence = _("Saved. It holds from now on.") if changed else _("Nothing was different, so nothing was saved.")
        (await self.get_state(SessionState))._show_notice(sentence)

    def _show(self, view: SettingsView) -> None:
        self.view = view
        own = {name: text.own for name, text in zip(REASON_FIELDS, view.reasons, strict=True)}
        told = {line.key: line.translation for texts in view.translations for line in texts.lines}
        self.given = view.values | own | told


def _seen(session, actor: Actor, facility_id: int | None) -> SettingsView:
    """The settings for somebody who opens the page, which is recorded."""
    view = facility_settings.settings(session, actor, facility_id)
    record(session, actor, view.facility_id, AuditKind.SETTINGS_SHOWN)
    return view
