"""The requirements of a session's audience, which its trainer ticks off in the room. Nobody else is sent them."""

from typing import Any

import reflex as rx

from rxconnect.demo import requirements
from rxconnect.domain.demo import RequirementFilter, RequirementList, Seat
from rxconnect.domain.topics import Subject, Topic
from rxconnect.state.guard import Id, LongText, Text, seat, while_typing
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen
from rxconnect.state.transactions import read, write

# How many are listed before more are asked for.
_A_TIME = 40


class RequirementsState(Screen, rx.State):
    """The list as the trainer filters it. `editing` is the requirement whose `remark` is being written, or 0."""

    view: RequirementList | None = None
    query: str = ""
    which: str = RequirementFilter.ALL.value
    editing: int = 0
    remark: str = ""
    is_pasting: bool = False
    _most: int = _A_TIME

    @seat
    async def load(self, seat: Seat):
        """Load the list for a room that opens, if the seat is the trainer's."""
        if seat.is_trainer:
            await self._load_list(seat)
        self.ready = True

    @seat
    async def reload(self, seat: Seat):
        """Load the list again after a change, perhaps in another tab of the trainer."""
        if seat.is_trainer:
            await self._load_list(seat)

    @seat
    async def add_requirements(self, seat: Seat, form: dict[str, LongText]):
        """Add a pasted list."""
        await self._change(seat, requirements.add, form.get("requirements", ""))
        self.is_pasting = False

    @seat
    async def mark_shown(self, seat: Seat, requirement_id: Id):
        """Tick a requirement off."""
        await self._change(seat, requirements.mark_shown, requirement_id)

    @seat
    async def unmark_shown(self, seat: Seat, requirement_id: Id):
        """Take a tick back."""
        await self._change(seat, requirements.unmark_shown, requirement_id)

    @seat
    async def save_remark(self, seat: Seat, form: dict[str, Text]):
        """Store what was shown for the requirement that is being edited."""
        await self._change(seat, requirements.set_remark, self.editing, form.get("remark", ""))
        self.editing = 0

    @seat
    async def remove_requirement(self, seat: Seat, requirement_id: Id):
        """Remove a line that is no requirement."""
        await self._change(seat, requirements.remove, requirement_id)

    @seat
    async def edit_remark(self, seat: Seat, requirement_id: Id):
        """Begin to write what was shown."""
        listed = self.view.requirements if self.view else ()
        self.remark = next((one.what for one in listed if one.id == requirement_id), "")
        self.editing = requirement_id
        return rx.set_focus("remark")

    @seat
    @while_typing
    async def write_remark(self, seat: Seat, text: Text):
        """Keep what is written, for a page that comes back."""
        self._update_field("remark", text)

    @seat
    async def stop_editing(self, seat: Seat):
        """Leave the remark as it is."""
        self.editing = 0

    @seat
    async def begin_pasting(self, seat: Seat):
        """Show the field for a list once more."""
        self.is_pasting = True
        return rx.set_focus("requirements")

    @seat
    async def stop_pasting(self, seat: Seat):
        """Hide the field for a list."""
        self.is_pasting = False

    @seat
    @while_typing
    async def search(self, seat: Seat, text: Text):
        """List the requirements that contain these words."""
        if self._update_field("query", text):
            self._most = _A_TIME
            await self._load_list(seat)

    @seat
    async def choose(self, seat: Seat, which: Text):
        """List all, those that were shown, or the others."""
        self.which, self._most = which, _A_TIME
        await self._load_list(seat)

    @seat
    async def show_more(self, seat: Seat):
        """List more of them."""
        self._most += _A_TIME
        await self._load_list(seat)

    async def _change(self, seat: Seat, service: Any, *given: Any) -> None:
        await write(service, seat, *given)
        await self._load_list(seat)

    async def _load_list(self, seat: Seat) -> None:
        listen(seat, Topic(Subject.REQUIREMENTS, seat.session_id), RequirementsState.reload)
        self.view = await read(requirements.listed, seat, self.query, self.which, self._most)
