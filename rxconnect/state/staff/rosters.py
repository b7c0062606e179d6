"""The rosters of a facility: what an uploaded file would change, its import, and taking the last import back."""

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.imports import PreviewView
from rxconnect.domain.readings import AND
from rxconnect.domain.rosters import RosterField, RostersView, UploadProblem, counts_in_words
from rxconnect.i18n import _, counted
from rxconnect.services.audit.recording import record
from rxconnect.services.imports import roster_history, uploads
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, Text, staff
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import in_thread

# The fields of the form about columns, each with the roster's field. Other forms have fields of the same names.
COLUMN_FIELDS = {f"column_{field}": field.value for field in RosterField}


class RostersState(Screen, rx.State):
    """One facility's imports, and the uploaded file that is to be imported.

    `counts` are those of the preview, in words. `undoing` is the import that is about to be taken back, 0 for none, and
    `kept` says what stayed when one was.
    """

    view: RostersView | None = None
    is_refused: bool = False
    # The uploaded file, 0 without one; `columns` names its column for each field of the form.
    upload_id: int = 0
    file_name: str = ""
    columns: dict[str, str] = {}
    preview: PreviewView | None = None
    counts: list[tuple[str, int]] = []
    undoing: int = 0
    kept: list[str] = []

    @staff
    async def load(self, caller: Caller):
        """Load the imports, and look at the file in the address."""
        self.is_refused, self.preview, self.upload_id, self.undoing, self.kept = False, None, 0, 0, []
        try:
            self.view = await caller.write(_seen, address.id_in_query(self, "facility", "facility"))
        except NotAllowed:
            self.view, self.is_refused = None, True
        self.ready = True
        if (problem := address.query_value(self, "problem")) in list(UploadProblem):
            self.problem = UploadProblem(problem).sentence
        if upload_id := address.id_in_query(self, "upload", "upload"):
            await self._open_upload(caller, upload_id)

    @staff
    async def import_file(self, caller: Caller, form: dict[str, Text]):
        """Import the file that the page shows. `accept` is given when something looks wrong and is right."""
        actor = await caller.require_actor()
        if self.preview is None:
            raise NotFound("upload")
        accepted = bool(form.get("accept"))
        done = await in_thread(uploads.import_upload, actor, self.preview.upload_id, accept_suspicious=accepted)
        told = counted(
            "The roster was imported: {count} row was read.",
            "The roster was imported: {count} rows were read.",
            done.counts["total"],
        )
        (await self.get_state(SessionState))._show_notice(told, on_next_page=True)
        return rx.redirect(routes.with_query(routes.ROSTERS, facility=self._facility_id()))

    @staff
    async def read_again(self, caller: Caller, form: dict[str, Text]):
        """Look at the file again, with the columns that the form names."""
        actor = await caller.require_actor()
        if not self.upload_id:
            raise NotFound("upload")
        self.columns = {name: form.get(name, "") for name in COLUMN_FIELDS}
        await self._look_at(actor, {COLUMN_FIELDS[name]: text for name, text in self.columns.items() if text.strip()})

    @staff
    async def ask_to_undo(self, caller: Caller, import_id: Id):
        """Ask whether an import is really to be taken back, or no longer."""
        await caller.require_actor()
        self.undoing = 0 if self.undoing == import_id else import_id

    @staff
    async def undo(self, caller: Caller, import_id: Id):
        """Take back the facility's last import."""
        undone = await caller.write(uploads.take_back, import_id)
        self.view = await caller.read(roster_history.rosters, self._facility_id())
        self.undoing, self.kept = 0, undone.kept
        restored = counted("{count} person is as before", "{count} people are as before", undone.restored)
        removed = counted("{count} newcomer is gone", "{count} newcomers are gone", undone.removed)
        (await self.get_state(SessionState))._show_notice(
            _("Taken back: {restored}, {removed}.").format(restored=restored, removed=removed)
        )

    async def _open_upload(self, caller: Caller, upload_id: int) -> None:
        """Show what a file would change. The page is about the facility for which it was uploaded."""
        upload = await caller.read(uploads.get_upload, upload_id)
        if self.view is None or self.view.facility_id != upload.facility_id:
            self.view = await caller.read(roster_history.rosters, upload.facility_id)
        self.upload_id, self.file_name = upload_id, upload.file_name
        self.columns = dict.fromkeys(COLUMN_FIELDS, "")
        await self._look_at(caller.actor, None)

    async def _look_at(self, actor: Actor, given: dict[str, str] | None) -> None:
        """Read the file, with the `given` columns by field, or as it was read the last time."""
        self.preview = None
        found: PreviewView = await in_thread(uploads.preview_upload, actor, self.upload_id, given)
        by_field: dict[str, str] = {}
        for column, field in found.columns:
            by_field[field] = f"{by_field[field]}{AND}{column}" if field in by_field else column
        self.columns = {name: by_field.get(field, "") for name, field in COLUMN_FIELDS.items()}
        self.preview, self.counts = found, counts_in_words(found.counts)

    def _facility_id(self) -> int:
        if self.view is None:
            raise NotFound("facility")
        return self.view.facility_id


def _seen(session, actor: Actor, facility_id: int | None) -> RostersView:
    """The imports for somebody who opens the page, which is recorded."""
    view = roster_history.rosters(session, actor, facility_id)
    record(session, actor, view.facility_id, AuditKind.ROSTERS_SHOWN)
    return view
