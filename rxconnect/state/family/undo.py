"""Undo: what a family removed a moment ago comes back with one press."""

import reflex as rx
from reflex.state import OnLoadInternalState

from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import (
    Busy,
    CreditsUsedMeanwhile,
    Invalid,
    NotDriving,
    NotFound,
    TooLate,
    Unavailable,
)
from rxconnect.domain.removals import RemovalKind, restored_sentence
from rxconnect.i18n import _
from rxconnect.services.directory import contacts, facilities
from rxconnect.services.messages import drafts, withdrawals
from rxconnect.services.photos import draft_photos
from rxconnect.services.removals import removals
from rxconnect.state import words
from rxconnect.state.guard import Id, family
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import write


class UndoState(Screen, rx.State):
    """The button *Undo* in the frame of every page of a family."""

    @family
    async def undo(self, actor: Actor, removal_id: Id):
        """Undo a removal, and load the page again, whichever it is by now. The frame says what came of it."""
        session = await self.get_state(SessionState)
        try:
            sentence = await write(_undo, actor, removal_id)
        except (TooLate, NotFound):
            sentence = _("It is too late to undo this. Nothing was changed.")
        except (Busy, CreditsUsedMeanwhile, Invalid, NotDriving, Unavailable) as error:
            sentence = words.refusal_text(error)
        session._show_notice(sentence, on_next_page=True)
        return OnLoadInternalState.on_load_internal


_RESTORE = {
    RemovalKind.CONTACT: lambda session, actor, removal: contacts.restore(session, actor, removal.subject_id),
    RemovalKind.DRAFT: lambda session, _actor, removal: drafts.restore(session, removal.facts),
    RemovalKind.LOCATION: lambda session, _actor, removal: facilities.restore_location(session, removal.facts),
    RemovalKind.MESSAGE: lambda session, actor, removal: withdrawals.undo(session, actor, removal.subject_id),
    RemovalKind.PHOTO: lambda session, actor, removal: draft_photos.restore(session, actor, removal.subject_id),
}


def _undo(session, actor: Actor, removal_id: int) -> str:
    """Undo one of the actor's removals, once. Returns what is true then."""
    removal, is_first = removals.take(session, actor, removal_id)
    if not is_first:
        # Much may have happened to it since.
        return _("This was undone already.")
    kind = RemovalKind(removal.kind)
    _RESTORE[kind](session, actor, removal)
    return restored_sentence(kind, removal.name)
