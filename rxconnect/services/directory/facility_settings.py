"""The settings of a facility that its administrators keep. Each change is stored with its account.

A change holds from now on. Letters that were sent keep their cost, their due time and, once rejected, the text of the
reason; a purchase keeps its price.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session, col, select

from rxconnect import config, live
from rxconnect.domain import dates
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import Invalid, NotAllowed
from rxconnect.domain.facilities import LEAST_CHARGE_CENTS, Opening, WaitingLetters
from rxconnect.domain.facility_settings import (
    BOUNDS,
    COLUMNS,
    MOST_CENTS,
    OFFERED,
    OPENINGS,
    RULE_TEXT_MAX,
    YES_OR_NO,
    ChangeView,
    ReasonText,
    Setting,
    SettingsView,
)
from rxconnect.domain.inside import Period
from rxconnect.domain.languages import language_name
from rxconnect.domain.messages import Reason
from rxconnect.domain.money import credits, price_each
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.own_texts import TextsInLanguage, key_of, texts_in
from rxconnect.domain.problems import Fact, Problem, fields_with_problems
from rxconnect.domain.text import one_line
from rxconnect.domain.topics import Subject, Topic
from rxconnect.i18n import _, counted
from rxconnect.models import Account, Facility, FacilityChange, ScreeningRule
from rxconnect.services.accounts.staff import chosen_place
from rxconnect.services.audit.recording import Act, record_acts
from rxconnect.services.directory.facilities import invalidate_search

_SHOWN = 30
# The problem of a number that is out of its bounds.
_PROBLEMS = {
    Setting.PROMISED_HOURS: Problem.HOURS_OUT_OF_BOUNDS,
    Setting.RELEASE_AFTER_DAYS: Problem.DAYS_OUT_OF_BOUNDS,
    Setting.REPLY_CREDIT_DAYS: Problem.DAYS_OUT_OF_BOUNDS,
    Setting.FREE_REPLIES: Problem.REPLIES_OUT_OF_BOUNDS,
    Setting.SECOND_READING_SHARE: Problem.PERCENT_OUT_OF_BOUNDS,
    Setting.FOREIGN_READING_SHARE: Problem.PERCENT_OUT_OF_BOUNDS,
    Setting.MOST_PHOTOS: Problem.PHOTOS_OUT_OF_BOUNDS,
    Setting.PHOTO_CREDITS: Problem.PHOTO_CREDITS_OUT_OF_BOUNDS,
}
_TEXTS = (Setting.OPENING, *OFFERED)

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
    Setting.LANGUAGE: language_name,
    Setting.ROSTER: lambda text: text,
    Setting.SPLIT: lambda text: text,
    Setting.NAME: lambda text: text,
    Setting.PLACE: lambda text: text,
    Setting.RULES: lambda text: text,
}


def settings(session: Session, actor: Actor, facility_id: int | None = None) -> SettingsView:
    """The settings of a facility. Without an id, it is the actor's first facility by name. Raises `NotAllowed`."""
    place, choices = chosen_place(session, actor.must(Permission.SEE_SETTINGS), facility_id)
    assert place.id is not None
    openings = OPENINGS if place.opening in OPENINGS else ()
    return SettingsView(
        facility_id=place.id,
        facility=place.name,
        facilities=choices,
        may_change=place.id in actor.facilities(Permission.ADMINISTER),
        values={field: _as_text(place, field) for field in COLUMNS},
        told=[(field.label, _in_words(field, _as_text(place, field))) for field in COLUMNS],
        openings=[(one.value, one.label) for one in openings],
        reasons=[_reason_text(place, reason) for reason in Reason],
        translations=_translations(session, place),
        changes=_changes(session, place),
    )


def save(session: Session, actor: Actor, facility_id: int, given: Mapping[str, str]) -> int:
    """Save the settings as a form has them (`SettingsView.values`). Returns how many were changed.

    A setting that is not `given` stays. Raises `NotAllowed`, and `Invalid` by field.
    """
    place = _locked(session, actor, facility_id)
    wanted = {field: given[field].strip() for field in COLUMNS if field in given}
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


def save_translations(session: Session, actor: Actor, facility_id: int, language: str, given: Mapping[str, str]) -> int:
    """Save how the facility's own texts read in another language, by `own_texts.key_of`. Returns how many were changed.

    An empty text takes a translation away. A text that the facility has changed meanwhile is left out. Raises `NotAllowed`, and
    `Invalid` by field.
    """
    place = _locked(session, actor, facility_id)
    if language not in _other_languages(place):
        raise Invalid(form=Problem.SETTING_NOT_OFFERED())
    texts = {key_of(language, text): text for text in _own_texts(session, place)}
    wanted = {key: one_line(given[key]) for key in texts if key in given}
    if problems := fields_with_problems(**{key: _text_problem(text) for key, text in wanted.items()}):
        raise Invalid(**problems)
    known = place.translations.get(language, {})
    kept = {text: known[text] for text in texts.values() if text in known}
    changed = 0
    for key, after in wanted.items():
        before = kept.get(texts[key], "")
        kept[texts[key]] = after
        changed += _record(session, actor, place, f"{Setting.TRANSLATION}: {language}", before, after)
    place.translations = place.translations | {language: {text: told for text, told in kept.items() if told}}
    return changed


def _translations(session: Session, place: Facility) -> list[TextsInLanguage]:
    texts = _own_texts(session, place)
    return [texts_in(place, language, texts) for language in _other_languages(place)] if texts else []


def _other_languages(place: Facility) -> list[str]:
    return [language for language in config.settings().spoken if language != place.language]


def _own_texts(session: Session, place: Facility) -> list[str]:
    """All texts that the facility has written for families and people in custody, each once."""
    assert place.id is not None
    published = select(ScreeningRule.published_text).where(
        ScreeningRule.facility_id == place.id, col(ScreeningRule.is_published), ScreeningRule.published_text != ""
    )
    texts = [*place.rules, *place.reason_texts.values(), *session.exec(published.order_by(col(ScreeningRule.id)))]
    return list(dict.fromkeys(texts))


def record_change(session: Session, actor: Actor, facility_id: int, what: str, before: str, after: str) -> None:
    """Keep a change in the facility's list, and record it in the audit."""
    row = FacilityChange(facility_id=facility_id, by_account_id=actor.account_id, what=what)
    row.before, row.after = before[:RULE_TEXT_MAX], after[:RULE_TEXT_MAX]
    session.add(row)
    # The texts of reasons and the names of files are somebody's words, so they stay in the row above alone.
    values = {"before": before, "after": after} if what in COLUMNS else {}
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
    if field in YES_OR_NO:
        return "yes" if value else "no"
    return str(value)


def _value(field: Setting, text: str) -> Any:
    if field in YES_OR_NO:
        return text == "yes"
    return text if field in _TEXTS else int(text)


def _problem(place: Facility, field: Setting, text: str) -> Fact | None:
    if field in BOUNDS:
        return _out_of_bounds(_PROBLEMS[field], *BOUNDS[field], text)
    if field is Setting.PRICE_CENTS:
        # The smallest purchase must be one that the processor takes.
        least = -(-LEAST_CHARGE_CENTS // place.min_credits)
        return _out_of_bounds(Problem.PRICE_OUT_OF_BOUNDS, least, MOST_CENTS, text)
    offered = OFFERED.get(field, ("yes", "no"))
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
    elif setting is Setting.TRANSLATION:
        label = _("Text in {language}").format(language=language_name(reason))
        before, after = row.before, row.after
    else:
        label = setting.label
        before, after = (_in_words(setting, text) if text else "" for text in (row.before, row.after))
    return ChangeView(row.id, by, dates.day_and_time(row.at, zone), label, before, after)
