"""The rules of screening of one facility: what they have held, and, for administrators, writing and switching them."""

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.rules import NewRule, RulesView
from rxconnect.domain.screening import RuleKind, RuleState
from rxconnect.i18n import _
from rxconnect.services.audit.recording import record
from rxconnect.services.screening import rule_views, rules, trials
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, LongText, Text, staff
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import in_thread

_FIELDS = ("name", "words", "pattern", "sender", "person", "languages", "most", "until", "reason", "published_text")


class RulesState(Screen, rx.State):
    """The rules. `is_writing` is whether the form for a new one is open, and `kind` the kind chosen in it."""

    view: RulesView | None = None
    is_refused: bool = False
    kinds: list[tuple[str, str, str]] = []
    kind: str = RuleKind.WORDS.value
    is_writing: bool = False

    @staff
    async def load(self, caller: Caller):
        """Load the facility in the address, or the first one."""
        self.is_refused, self.is_writing = False, False
        try:
            self.view = await caller.write(_seen, address.id_in_query(self, "facility", "facility"))
        except NotAllowed:
            self.view, self.is_refused = None, True
        self.kinds = rule_views.kinds()
        self.ready = True

    @staff
    async def open_form(self, caller: Caller):
        """Open the form for a new rule, or close it."""
        await caller.require_actor()
        self.is_writing = not self.is_writing

    @staff
    async def choose_kind(self, caller: Caller, kind: Text):
        """Choose what the new rule looks at."""
        await caller.require_actor()
        self.kind = kind if kind in list(RuleKind) else RuleKind.WORDS.value

    @staff
    async def add_rule(self, caller: Caller, form: dict[str, LongText]):
        """Write a rule, which is off until it is tried and switched on."""
        typed = {field: form.get(field, "") for field in _FIELDS}
        rule = NewRule(kind=self.kind, is_published=bool(form.get("is_published")), **typed)
        await caller.write(rules.write, self._facility_id(), rule)
        self.is_writing = False
        await self._reload(caller, _("The rule is written, and off. Try it next."))

    @staff
    async def try_rule(self, caller: Caller, rule_id: Id):
        """Try a rule on the letters of the last days."""
        await in_thread(trials.try_rule, await caller.require_actor(), rule_id)
        await self._reload(caller, _("The rule was tried."))

    @staff
    async def switch_on(self, caller: Caller, rule_id: Id):
        """Switch a rule on, or ask another administrator to do so."""
        state = await caller.write(rules.switch_on, rule_id)
        is_on = state is RuleState.ON
        sentence = (
            _("The rule is on, from the next letter.") if is_on else _("Another administrator must switch it on.")
        )
        await self._reload(caller, sentence)

    @staff
    async def switch_off(self, caller: Caller, rule_id: Id):
        """Switch a rule off."""
        await caller.write(rules.switch_off, rule_id)
        await self._reload(caller, _("The rule is off."))

    @staff
    async def change_settings(self, caller: Caller, form: dict[str, Text]):
        """Change whether clean letters are released, and the ceiling of false holds."""
        given = {"releases_clean": bool(form.get("releases_clean")), "ceiling": form.get("ceiling", "")}
        await caller.write(rules.change_settings, self._facility_id(), **given)
        await self._reload(caller, _("Saved."))

    async def _reload(self, caller: Caller, sentence: str) -> None:
        self.view = await caller.read(rule_views.rules_of, self._facility_id())
        (await self.get_state(SessionState))._show_notice(sentence)

    def _facility_id(self) -> int:
        if self.view is None:
            raise NotFound("facility")
        return self.view.facility_id


def _seen(session, actor: Actor, facility_id: int | None) -> RulesView:
    """The rules for somebody who opens the page, which is recorded."""
    view = rule_views.rules_of(session, actor, facility_id)
    record(session, actor, view.facility_id, AuditKind.RULES_SHOWN)
    return view
