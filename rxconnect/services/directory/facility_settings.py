"""The settings of a facility that its administrators keep. Each change is stored with its account.

A change holds from now on. Letters that were sent keep their cost, their due time and, once rejected, the text of the
reason; a purchase keeps its price.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session, col, select

from rxconnect import live
from rxconnect.domain import dates
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import Invalid, NotAllowed
from rxconnect.domain.facilities import LEAST_CHARGE_CENTS, Opening, WaitingLetters
from rxconnect.domain.facility_settings import (
    MOST_CENTS,
    MOST_DAYS,
    MOST_HOURS,
    MOST_REPLY_DAYS,
    OPENINGS,
    RULE_TEXT_MAX,
    ChangeView,
    ReasonText,
    Setting,
    SettingsView,
)
from rxconnect.domain.inside import MOST_FREE_REPLIES, Period
from rxconnect.domain.messages import Reason
from rxconnect.domain.money import credits, price_each
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.photos import MOST_PHOTO_CREDITS, MOST_PHOTOS
from rxconnect.domain.problems import Fact, Problem, fields_with_problems
from rxconnect.domain.team import Choice
from rxconnect.domain.text import one_line
from rxconnect.domain.topics import Subject, Topic
from rxconnect.i18n import _, counted
from rxconnect.models import Account, Facility, FacilityChange
from rxconnect.services.audit.recording import Act, record_acts
from rxconnect.services.directory.facilities import invalidate_search

_SHOWN = 30
# The settings of the first form, in the order of the page.
_FIELDS = (
    Setting.OPENING,
    Setting.PROMISED_HOURS,
    Setting.PRICE_CENTS,
    Setting.MOST_PHOTOS,
    Setting.PHOTO_CREDITS,
    Setting.WHEN_MOVED,
    Setting.RELEASE_AFTER_DAYS,
    Setting.ASKS_FOR_CONTACTS,
    Setting.SECOND_READING_SHARE,
    Setting.FOREIGN_READING_SHARE,
    Setting.HAS_WARM_UP,
    Setting.READS_ON_KIOSKS,
    Setting.SHOWS_OPENED,
    Setting.FREE_REPLIES,
    Setting.FREE_REPLIES_PER,
    Setting.REPLY_CREDIT_DAYS,
)
# The least and the most of a number, and the problem of one that is not between them.
_BOUNDS = {
    Setting.PROMISED_HOURS: (Problem.HOURS_OUT_OF_BOUNDS, 1, MOST_HOURS),
    Setting.RELEASE_AFTER_DAYS: (Problem.DAYS_OUT_OF_BOUNDS, 1, MOST_DAYS),
    Setting.REPLY_CREDIT_DAYS: (Problem.DAYS_OUT_OF_BOUNDS, 1, MOST_REPLY_DAYS),
    Setting.FREE_REPLIES: (Problem.REPLIES_OUT_OF_BOUNDS, 0, MOST_FREE_REPLIES),
    Setting.SECOND_READING_SHARE: (Problem.PERCENT_OUT_OF_BOUNDS, 0, 100),
    Setting.FOREIGN_READING_SHARE: (Problem.PERCENT_OUT_OF_BOUNDS, 0, 100),
    Setting.MOST_PHOTOS: (Problem.PHOTOS_OUT_OF_BOUNDS, 0, MOST_PHOTOS),
    Setting.PHOTO_CREDITS: (Problem.PHOTO_CREDITS_OUT_OF_BOUNDS, 1, MOST_PHOTO_CREDITS),
}
# What else can be chosen than yes or no.
_OFFERED: dict[Setting, tuple[str, ...]] = {
    Setting.WHEN_MOVED: tuple(WaitingLetters),
    Setting.FREE_REPLIES_PER: tuple(Period),
}
_TEXTS = (Setting.OPENING, *_OFFERED)
_YES_OR_NO = (Setting.ASKS_FOR_CONTACTS, Setting.HAS_WARM_UP, Setting.READS_ON_KIOSKS, Setting.SHOWS_OPENED)

# How to say the value of a setting. `_record` keeps values as `_as_text` has them.
_WORDS: dict[Setting, Callable[[str], str]] = {
    Setting.OPENING: lambda text: Opening(text).label,
    Setting.PROMISED_HOURS: lambda text: counted("{count} hour", "{count} hours", int(text)),
    Setting.PRICE_CENTS: lambda text: price_each(int(text)),
    Setting.MOST_PHOTOS: lambda text: (
        counted("{count} photo", "{count} photos", int(text)) if text != "0" else _("none")
    ),
    Setting.PHOTO_CREDITS: lambda text: credits(int(text)),
    Setting.WHEN_MOVED: lambda text: WaitingLetters(text).label,
    Setting.RELEASE_AFTER_DAYS: lambda text: counted("after {count} day", "after {count} days", int(text)),
    Setting.ASKS_FOR_CONTACTS: lambda text: _("wait for staff") if text == "yes" else _("need no approval"),
    Setting.SECOND_READING_SHARE: lambda text: _("{percent} percent").format(percent=text),
    Setting.FOREIGN_READING_SHARE: lambda text: _("{percent} percent").format(percent=text),
    Setting.HAS_WARM_UP: lambda text: _("is offered") if text == "yes" else _("is not offered"),
    Setting.READS_ON_KIOSKS: lambda text: _("on kiosks") if text == "yes" else _("on paper"),
    Setting.SHOWS_OPENED: lambda text: _("yes") if text == "yes" else _("no"),
    Setting.FREE_REPLIES: lambda text: counted("{count} free reply", "{count} free replies", int(text)),
    Setting.FREE_REPLIES_PER: lambda text: Period(text).label,
    Setting.REPLY_CREDIT_DAYS: lambda text: counted("for {count} day", "for {count} days", int(text)),
    Setting.ROSTER: lambda text: text,
}


def settings(session: Session, actor: Actor, facility_id: int | None = None) -> SettingsView:
    """The settings of a facility. Without an id, it is the actor's first facility by name. Raises `NotAllowed`."""
    place, choices = place_of(session, actor, facility_id)
    assert place.id is not None
    openings = OPENINGS if place.opening in OPENINGS else ()
    return SettingsView(
        facility_id=place.id,
        facility=place.name,
        facilities=choices,
        may_change=place.id in actor.facilities(Permission.ADMINISTER),
        values={field: _as_text(place, field) for field in _FIELDS},
        told=[(field.label, _in_words(field, _as_text(place, field))) for field in _FIELDS],
        openings=[(one.value, one.label) for one in openings],
        reasons=[_reason_text(place, reason) for reason in Reason],
        changes=_changes(session, place),
    )


def place_of(session: Session, actor: Actor, facility_id: int | None) -> tuple[Facility, list[Choice]]:
    """A facility whose settings the actor sees, and all of them to choose from. Raises `NotAllowed`."""
    seen = actor.must(Permission.SEE_SETTINGS)
    places = session.exec(select(Facility).where(col(Facility.id).in_(seen)).order_by(Facility.name)).all()
    place = next((one for one in places if facility_id in (None, one.id)), None)
    if place is None:
        raise NotAllowed
    return place, [Choice(str(one.id), one.name, one.id == place.id) for one in places]


def save(session: Session, actor: Actor, facility_id: int, given: Mapping[str, str]) -> int:
    """Save the settings as a form has them (`SettingsView.values`). Returns how many were changed.

    A setting that is not `given` stays. Raises `NotAllowed`, and `Invalid` by field.
    """
    place = _locked(session, actor, facility_id)
    wanted = {field: given[field].strip() for field in _FIELDS if field in given}
    if problems := fields_with_problems(
        **{field.value: _problem(place, field, text) for field, text in wanted.items()}
    ):
        raise Invalid(**problems)
    changed = 0
    for field, text in wanted.items():
        before = _as_text(place, field)
        setattr(place, field, _value(field, text))
        changed += _record(session, actor, place, field, before, _as_text(place, field))
        if field is Setting.OPENING and text != before:
            invalidate_search(session)
    return changed


def save_reasons(session: Session, actor: Actor, facility_id: int, texts: Mapping[str, str]) -> int:
    """Save the facility's own texts, by `Reason`. An empty text restores the standard one. Returns how many changed.

    Raises `NotAllowed`, and `Invalid` with the reason as the field.
    """
    place = _locked(session, actor, facility_id)
    wanted = {reason: one_line(texts[reason]) for reason in Reason if reason in texts}
    if problems := fields_with_problems(**{reason.value: _text_problem(text) for reason, text in wanted.items()}):
        raise Invalid(**problems)
    own = dict(place.reason_texts)
    changed = 0
    for reason, text in wanted.items():
        before, after = own.get(reason, ""), "" if text == reason.rule else text
        own[reason.value] = after
        changed += _record(session, actor, place, f"{Setting.REASON}: {reason}", before, after)
    place.reason_texts = {reason: text for reason, text in own.items() if text}
    return changed


def record_change(session: Session, actor: Actor, facility_id: int, what: str, before: str, after: str) -> None:
    """Keep a change in the facility's list, and record it in the audit."""
    row = FacilityChange(facility_id=facility_id, by_account_id=actor.account_id, what=what)
    row.before, row.after = before[:RULE_TEXT_MAX], after[:RULE_TEXT_MAX]
    session.add(row)
    # The texts of reasons and the names of files are somebody's words, so they stay in the row above alone.
    values = {"before": before, "after": after} if what in _FIELDS else {}
    record_acts(session, actor, [Act(facility_id, AuditKind.SETTING_CHANGED, details={"setting": what} | values)])


def _locked(session: Session, actor: Actor, facility_id: int) -> Facility:
    """The facility, locked, so that of two changes at once each is kept with what was before it."""
    if facility_id not in actor.must(Permission.ADMINISTER):
        raise NotAllowed
    return session.exec(select(Facility).where(Facility.id == facility_id).with_for_update()).one()


def _record(session: Session, actor: Actor, place: Facility, what: str, before: str, after: str) -> bool:
    assert place.id is not None
    if before == after:
        return False
    record_change(session, actor, place.id, what, before, after)
    live.publish(session, Topic(Subject.DESK, place.id))
    return True


def _as_text(place: Facility, field: Setting) -> str:
    value = getattr(place, field)
    if field in _YES_OR_NO:
        return "yes" if value else "no"
    return str(value)


def _value(field: Setting, text: str) -> Any:
    if field in _YES_OR_NO:
        return text == "yes"
    return text if field in _TEXTS else int(text)


def _problem(place: Facility, field: Setting, text: str) -> Fact | None:
    if field in _BOUNDS:
        return _out_of_bounds(*_BOUNDS[field], text)
    if field is Setting.PRICE_CENTS:
        # The smallest purchase must be one that the processor takes.
        least = -(-LEAST_CHARGE_CENTS // place.min_credits)
        return _out_of_bounds(Problem.PRICE_OUT_OF_BOUNDS, least, MOST_CENTS, text)
    offered = _OFFERED.get(field, ("yes", "no"))
    if field is Setting.OPENING:
        offered = OPENINGS if place.opening in OPENINGS else (Opening(place.opening),)
    return None if text in offered else Problem.SETTING_NOT_OFFERED()


def _out_of_bounds(problem: Problem, least: int, most: int, text: str) -> Fact | None:
    return None if whole_number(text, least=least, most=most) is not None else problem(least=least, most=most)


def _text_problem(text: str) -> Fact | None:
    return Problem.TOO_LONG(most=RULE_TEXT_MAX, length=len(text)) if len(text) > RULE_TEXT_MAX else None


def _in_words(setting: Setting, text: str) -> str:
    return _WORDS[setting](text)


def _reason_text(place: Facility, reason: Reason) -> ReasonText:
    own = place.reason_texts.get(reason, "")
    return ReasonText(reason.label, own or reason.rule, own)


def _changes(session: Session, place: Facility) -> list[ChangeView]:
    rows = session.exec(
        select(FacilityChange, Account.name)
        .join(Account, col(Account.id) == FacilityChange.by_account_id)
        .where(FacilityChange.facility_id == place.id)
        .order_by(col(FacilityChange.id).desc())
        .limit(_SHOWN)
    )
    return [_change_view(row, name, place.time_zone) for row, name in rows]


def _change_view(row: FacilityChange, by: str, zone: str) -> ChangeView:
    assert row.id is not None
    what, _colon, reason = row.what.partition(": ")
    setting = Setting(what)
    if setting is Setting.REASON:
        label = _("Text of the reason “{reason}”").format(reason=Reason(reason).label)
        before, after = (text or Reason(reason).rule for text in (row.before, row.after))
    else:
        label = setting.label
        before, after = (_in_words(setting, text) if text else "" for text in (row.before, row.after))
    return ChangeView(row.id, by, dates.day_and_time(row.at, zone), label, before, after)
