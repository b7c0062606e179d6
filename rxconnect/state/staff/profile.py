"""The profile of a member of staff: second factors, languages and sign-ins."""

import reflex as rx

from rxconnect.domain.accounts import Actor, SignInView
from rxconnect.domain.email_changes import EmailChangeView
from rxconnect.domain.second_factors import FactorsView
from rxconnect.i18n import _
from rxconnect.services.accounts import email_changes, sign_in_views
from rxconnect.services.second_factors import second_factors
from rxconnect.services.team import reader_languages
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, Text, staff
from rxconnect.state.session import Screen, SessionState


class StaffProfileState(Screen, rx.State):
    """The account's own data."""

    name: str = ""
    email: str = ""
    email_change: EmailChangeView | None = None
    factors: FactorsView | None = None
    sign_ins: list[SignInView] = []
    # The languages in which the account reads letters, as (code, name).
    languages: list[tuple[str, str]] = []

    @staff
    async def load(self, caller: Caller):
        """Load the second factors and the sign-ins."""
        await self._show_page_data(caller)
        self.name, self.email = caller.actor.name, caller.actor.email
        await self._returns_with_password(caller.actor)
        self.ready = True

    @staff
    async def end_sign_in(self, caller: Caller, sign_in_id: Id):
        """End one of the account's sign-ins."""
        await caller.write(sign_in_views.end_sign_in, sign_in_id)
        await self._reload(caller, _("That browser was signed out."))

    @staff
    async def cancel_email_change(self, caller: Caller):
        """End the change of the address that waits to be confirmed."""
        await caller.write(email_changes.cancel)
        await self._reload(caller, _("The change is stopped, and your address stays as it was."))

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
        await self._show_page_data(caller)
        (await self.get_state(SessionState))._show_notice(sentence)

    async def _show_page_data(self, caller: Caller) -> None:
        self.factors, self.sign_ins, self.languages, self.email_change = await caller.read(_page_data)


def _page_data(
    session, actor: Actor
) -> tuple[FactorsView, list[SignInView], list[tuple[str, str]], EmailChangeView | None]:
    return (
        second_factors.my_factors(session, actor),
        sign_in_views.my_sign_ins(session, actor),
        reader_languages.my_languages(session, actor),
        email_changes.pending(session, actor),
    )
