"""Splits on the page: somebody who was found under a new number turns out to be two people."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.errors import NotFound
from rxconnect.domain.facility_settings import Setting
from rxconnect.domain.imports import MergeView
from rxconnect.models import InmateMerge
from rxconnect.search import directory
from rxconnect.services.custody import roster_merges
from rxconnect.services.directory import facility_settings


def split(session: Session, actor: Actor, merge_id: int) -> MergeView:
    """Make two people of one again, as `roster_merges.split` does, and keep who did. Raises `NotFound`, also for another facility's."""
    mine = actor.must(Permission.IMPORT_ROSTERS)
    # Before it is read: an import that is stored meanwhile may give the person yet another number.
    directory.lock_directory(session)
    merge = session.get(InmateMerge, merge_id)
    if merge is None or merge.to_facility_id not in mine:
        raise NotFound("merge")
    numbers = merge.to_number, f"{merge.from_number}, {merge.to_number}"
    facility_settings.record_change(session, actor, merge.to_facility_id, Setting.SPLIT, *numbers)
    return roster_merges.split(session, merge_id)
