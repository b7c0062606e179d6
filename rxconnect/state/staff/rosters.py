"""The rosters of a facility: what an uploaded file would change, its import, and taking the last import back."""

from collections.abc import Iterable

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.imports import NoUsableRow, PreviewView, Suspicious, UploadView
from rxconnect.domain.readings import AND
from rxconnect.domain.rosters import RosterField, RostersView, UploadProblem, counts_in_words
from rxconnect.domain.topics import Subject, Topic
from rxconnect.i18n import _, counted
from rxconnect.services.audit.recording import record
from rxconnect.services.imports import asked_imports, roster_history, roster_splits, uploads
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, Text, staff
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import in_thread

# The fields of the form about columns, each with the roster's field. Other forms have fields of the same names.
COLUMN_FIELDS = {f"column_{field}": field.value for field in RosterField}
_MOST_WORDS = 20


class RostersState(Screen, rx.State):
    """One facility's imports, and the uploaded file that is to be imported.

    `waiting` are the files that were uploaded and not imported, and `running` is the page's own while it is imported. `counts`
    are those of the preview, in words. `words` are words for a status that the file does not explain: the name of the field in
    the form, the word, and its meaning. `kept` says what stayed when an import was taken back.
    """

    view: RostersView | None = None
    waiting: list[UploadView] = []
    is_refused: bool = False
    running: UploadView | None = None
    # The uploaded file, 0 without one; `columns` names its column for each field of the form.
    upload_id: int = 0
    file_name: str = ""
    columns: dict[str, str] = {}
    preview: PreviewView | None = None
    counts: list[tuple[str, int]] = []
    words: list[tuple[str, str, str]] = []
    kept: list[str] = []

    @staff
    async def load(self, caller: Caller):
        """Load the imports, and look at the file in the address."""
        self.is_refused, self.preview, self.running, self.upload_id, self.kept = False, None, None, 0, []
        try:
            self.view, self.waiting = await caller.write(_seen, address.id_in_query(self, "facility", "facility"))
        except NotAllowed:
            self.view, self.waiting, self.is_refused = None, [], True
        self.ready = True
        self._listen(caller.actor)
        if (problem := address.query_value(self, "problem")) in list(UploadProblem):
            self.problem = str(UploadProblem(problem).fact)
        if upload_id := address.id_in_query(self, "upload", "upload"):
            await self._open_upload(caller, upload_id)

    @staff
    async def import_file(self, caller: Caller, form: dict[str, Text]):
        """Have the file imported that the page shows. `accept` is given when something looks wrong and is right."""
        await caller.require_actor()
        if self.preview is None:
            raise NotFound("upload")
        accepted = bool(form.get("accept"))
        if self.preview.suspicious and not accepted:
            raise Suspicious(self.preview.suspicious)
        self.running = await caller.write(asked_imports.ask, self.preview.upload_id, accept_suspicious=accepted)
        self.preview, self.problem = None, ""

    @staff
    async def refresh(self, caller: Caller):
        """Show how far the imports are. A topic calls this."""
        actor = await caller.require_actor()
        self._listen(actor)
        self.view, self.waiting = await caller.read(_shown, self._facility_id())
        if self.running is None:
            return None
        upload: UploadView = await caller.read(uploads.get_upload, self.running.id)
        if upload.is_asked:
            self.running = upload
            return None
        if not upload.is_imported:
            await self._open_upload(caller, upload.id)
            return None
        self.running = None
        told = counted(
            "The roster was imported: {count} row was read.",
            "The roster was imported: {count} rows were read.",
            upload.rows,
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
    async def explain_words(self, caller: Caller, form: dict[str, Text]):
        """Look at the file again, with what the form says that its words for a status mean."""
        actor = await caller.require_actor()
        if not self.upload_id:
            raise NotFound("upload")
        await self._look_at(actor, None, {word: form.get(name, "") for name, word, _ in self.words})

    @staff
    async def undo(self, caller: Caller, import_id: Id):
        """Take back the facility's last import."""
        undone = await caller.write(uploads.take_back, import_id)
        self.view = await caller.read(roster_history.rosters, self._facility_id())
        self.kept = undone.kept
        restored = counted("{count} person is as before", "{count} people are as before", undone.restored)
        removed = counted("{count} newcomer is gone", "{count} newcomers are gone", undone.removed)
        (await self.get_state(SessionState))._show_notice(
            _("Undone: {restored}, {removed}.").format(restored=restored, removed=removed)
        )

    @staff
    async def split(self, caller: Caller, merge_id: Id):
        """Make two people again of somebody who was found under a new number."""
        two = await caller.write(roster_splits.split, merge_id)
        self.view = await caller.read(roster_history.rosters, self._facility_id())
        (await self.get_state(SessionState))._show_notice(
            _("{name} has the number {old} at {facility} again. {new} is somebody else.").format(
                name=two.name, old=two.from_number, facility=two.from_facility, new=two.to_number
            )
        )

    def _listen(self, actor: Actor) -> None:
        if self.view and self.view.may_import:
            listen(actor, Topic(Subject.ROSTERS, self.view.facility_id), RostersState.refresh)

    async def _open_upload(self, caller: Caller, upload_id: int) -> None:
        """Show what a file would change. The page is about the facility for which it was uploaded."""
        upload = await caller.read(uploads.get_upload, upload_id)
        if self.view is None or self.view.facility_id != upload.facility_id:
            self.view = await caller.read(roster_history.rosters, upload.facility_id)
            self._listen(caller.actor)
        if upload.is_imported:
            return
        self.upload_id, self.file_name = upload_id, upload.file_name
        self.running = upload if upload.is_asked else None
        self.problem = upload.refusal
        if self.running:
            return
        self.columns, self.words = dict.fromkeys(COLUMN_FIELDS, ""), []
        await self._look_at(caller.actor, None)

    async def _look_at(self, actor: Actor, given: dict[str, str] | None, words: dict[str, str] | None = None) -> None:
        """Read the file, with the `given` columns by field and the meanings of `words`, or as it was read the last time."""
        self.preview = None
        try:
            found: PreviewView = await in_thread(uploads.preview_upload, actor, self.upload_id, given, words=words)
        except NoUsableRow as error:
            self.words = _numbered((word, "") for word in error.words[:_MOST_WORDS])
            raise
        by_field: dict[str, str] = {}
        for column, field in found.columns:
            by_field[field] = f"{by_field[field]}{AND}{column}" if field in by_field else column
        self.columns = {name: by_field.get(field, "") for name, field in COLUMN_FIELDS.items()}
        self.words = _numbered(found.words)
        self.preview, self.counts = found, counts_in_words(found.counts)

    def _facility_id(self) -> int:
        if self.view is None:
            raise NotFound("facility")
        return self.view.facility_id


def _numbered(words: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
    return [(f"word_{place}", word, custody) for place, (word, custody) in enumerate(words)]


def _seen(session, actor: Actor, facility_id: int | None) -> tuple[RostersView, list[UploadView]]:
    """The imports and the files that wait, for somebody who opens the page, which is recorded."""
    view, waiting = _shown(session, actor, facility_id)
    record(session, actor, view.facility_id, AuditKind.ROSTERS_SHOWN)
    return view, waiting


def _shown(session, actor: Actor, facility_id: int | None) -> tuple[RostersView, list[UploadView]]:
    view = roster_history.rosters(session, actor, facility_id)
    return view, uploads.waiting(session, actor, view.facility_id)
