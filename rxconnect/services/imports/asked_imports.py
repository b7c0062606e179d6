"""Imports of uploaded files that somebody asked for on the page: a job carries them out, and each says how far it is.

So an import goes on when its page is closed, and begins again when its worker was killed. All people of a facility are stored in
one transaction, so there is no half of an import to tell of: the file is being read, its people are being stored, or it is done.
"""

from __future__ import annotations

from dataclasses import asdict

from sqlmodel import Session, col, select

from rxconnect import db, live
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import BadFile, Busy, NotAllowed, NotFound, Unavailable
from rxconnect.domain.imports import UploadView
from rxconnect.domain.rosters import UploadProblem
from rxconnect.domain.sentences import Sentence
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import Account, RosterUpload
from rxconnect.services.accounts import staff
from rxconnect.services.imports import uploads
from rxconnect.services.scheduling.batches import Batch

_BATCH = 10
# A file that ends the worker again and again is given up.
_MOST_TRIES = 3
# Progress is told in so many steps.
_STEPS = 20


def ask(session: Session, actor: Actor, upload_id: int, *, accept_suspicious: bool) -> UploadView:
    """Have an uploaded file imported, with the columns of its last preview. A second press changes nothing.

    Raises `NotFound` for another facility's file, and for one that is imported already.
    """
    row = uploads.my_upload(session, actor, upload_id)
    if row.asked_at is None:
        row.asked_at, row.asked_by_account_id, row.is_accepted = clock.now(), actor.account_id, accept_suspicious
        row.tries, row.share, row.rows, row.refusal = 0, 0, 0, None
        uploads.record_begun(session, actor, row)
        _publish(session, row)
    return uploads.upload_view(row)


def import_due(after: int = 0) -> Batch:
    """Carry out the imports that were asked for, one after another."""
    due = db.read(_waiting, after)
    batch = Batch(resume_after=due[-1] if len(due) == _BATCH else None)
    batch.each(_import, due)
    return batch


def _import(upload_id: int) -> bool:
    begun = db.write(_begin, upload_id)
    if begun is None:
        return False
    actor, is_accepted = begun
    told = 0

    def tell(share: int, rows: int) -> None:
        nonlocal told
        if rows or share * _STEPS // 100 > told:
            told = share * _STEPS // 100
            db.write(_update, upload_id, share=share, rows=rows)

    try:
        uploads.import_upload(actor, upload_id, accept_suspicious=is_accepted, tell=tell)
    except (Busy, Unavailable):
        # The database is away, and not the file wrong.
        db.write(_update, upload_id, tries=0)
        raise
    except BadFile as error:
        return db.write(_refuse, upload_id, error.reason)
    except NotAllowed:
        return db.write(_refuse, upload_id, UploadProblem.REFUSED.fact)
    except NotFound:
        # Another worker has imported it, or its file is gone.
        return db.write(_refuse, upload_id, UploadProblem.GONE.fact)
    except Exception:
        db.write(_refuse, upload_id, UploadProblem.FAILED.fact)
        raise
    return db.write(_update, upload_id)


def _waiting(session: Session, after: int) -> list[int]:
    waiting = select(RosterUpload.id).where(
        col(RosterUpload.asked_at).is_not(None), col(RosterUpload.imported_at).is_(None), col(RosterUpload.id) > after
    )
    return [one for one in session.exec(waiting.order_by(col(RosterUpload.id)).limit(_BATCH)) if one is not None]


def _begin(session: Session, upload_id: int) -> tuple[Actor, bool] | None:
    """The actor who asked for the import, and whether they accepted what looks wrong. None if there is nothing to begin.

    What an earlier try has told is no longer true.
    """
    row = session.get(RosterUpload, upload_id, with_for_update=True)
    if row is None or row.asked_at is None or row.imported_at or row.asked_by_account_id is None:
        return None
    if row.tries >= _MOST_TRIES:
        _refuse(session, upload_id, UploadProblem.FAILED.fact)
        return None
    row.tries, row.share, row.rows = row.tries + 1, 0, 0
    _publish(session, row)
    account = session.get_one(Account, row.asked_by_account_id)
    posts = staff.active_posts(session, row.asked_by_account_id) or ()
    actor = Actor(row.asked_by_account_id, account.name, account.email, ActorKind.STAFF, posts)
    return actor, row.is_accepted


def _refuse(session: Session, upload_id: int, why: Sentence) -> bool:
    """Nothing was changed: the page says why, and asks again."""
    return _update(session, upload_id, asked_at=None, refusal=asdict(why))


def _update(session: Session, upload_id: int, **values: object) -> bool:
    row = session.get(RosterUpload, upload_id)
    if row is None or (row.imported_at and values):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    _publish(session, row)
    return True


def _publish(session: Session, row: RosterUpload) -> None:
    live.publish(session, Topic(Subject.ROSTERS, row.facility_id))
