"""The profile of a member of staff: second factors, languages and sign-ins."""

import reflex as rx

from rxconnect.domain.accounts import Actor, SignInView
from rxconnect.domain.second_factors import FactorsView
from rxconnect.i18n import _
from rxconnect.services.accounts import sign_in_views
from rxconnect.services.second_factors import second_factors
from rxconnect.services.team import reader_languages
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, Text, staff
from rxconnect.state.session import Screen, SessionState


class StaffProfileState(Screen, rx.State):
    """The account's own data."""

    name: str = ""
    email: str = ""
    factors: FactorsView | None = None
    sign_ins: list[SignInView] = []
    # The languages in which the account reads letters, as (code, name).
    languages: list[tuple[str, str]] = []

    @staff
    async def load(self, caller: Caller):
        """Load the second factors and the sign-ins."""
        self.factors, self.sign_ins, self.languages = await caller.read(_page_data)
        self.name, self.email = caller.actor.name, caller.actor.email
        await self._returns_with_password(caller.actor)
        self.ready = True

    @staff
    async def end_sign_in(self, caller: Caller, sign_in_id: Id):
        """End one of the account's sign-ins."""
        await caller.write(sign_in_views.end_sign_in, sign_in_id)
        await self._reload(caller, _("That browser was signed out."))

    @staff
    async def remove_passkey(self, caller: Caller, passkey_id: Id):
        """Remove one of the account's passkeys."""
        await caller.write(second_factors.remove_passkey, passkey_id)
        await self._reload(caller, _("The passkey was removed."))

    @staff
    async def remove_app(self, caller: Caller):
        """Remove the account's app for one-time codes."""
        await caller.write(second_factors.remove_app)
        await self._reload(caller, _("The app was removed."))

    @staff
    async def add_language(self, caller: Caller, form: dict[str, Text]):
        """Add a language in which the account reads letters."""
        await caller.write(reader_languages.add, form.get("language", ""))
        await self._reload(caller, _("The language was added."))

    @staff
    async def remove_language(self, caller: Caller, language: Text):
        """Take a language away again."""
        await caller.write(reader_languages.remove, language)
        await self._reload(caller, _("The language was removed."))

    async def _reload(self, caller: Caller, sentence: str) -> None:
        self.factors, self.sign_ins, self.languages = await caller.read(_page_data)
        (await self.get_state(SessionState))._show_notice(sentence)


def _page_data(session, actor: Actor) -> tuple[FactorsView, list[SignInView], list[tuple[str, str]]]:
    factors, sign_ins = second_factors.my_factors(session, actor), sign_in_views.my_sign_ins(session, actor)
    return factors, sign_ins, reader_languages.my_languages(session, actor)
