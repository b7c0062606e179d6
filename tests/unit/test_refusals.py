"""Every refusal has a sentence, in any language."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from rxconnect import i18n
from rxconnect.documents.paper import CannotPrint
from rxconnect.domain import errors, refusals
from rxconnect.domain.photos import PhotoProblem
from rxconnect.domain.problem_sentences import problem_sentence
from rxconnect.domain.problems import Problem
from rxconnect.i18n import catalogs

ROOT = Path(__file__).parents[2] / "rxconnect"
# What an operator reads in the terminal or the log, in English. `test_sentences.py` is about every `BadFile`.
FOR_OPERATORS = {errors.Overspent, errors.LedgerBroken, errors.BadFile, errors.BadCommand, CannotPrint}
ABOUT = {
    errors.ReopeningNeeded: ("a token",),
    errors.SecondStepNeeded: ("a token",),
    errors.NotFound: ("draft",),
    errors.Throttled: (timedelta(minutes=5),),
    errors.FacilityClosed: ("Walla Walla",),
    errors.ClaimedByAnother: ("Denise Walker",),
    errors.ContactWaiting: ("Walla Walla",),
    errors.ContactBlocked: ("Walla Walla", "A court forbids it."),
    errors.BlockedByPerson: ("Marcus Rivera",),
    errors.ReplyBlocked: ("Walla Walla",),
    errors.UnblockFirst: ("Ada Young",),
    errors.NoReplyPaid: ("Ada Young",),
    errors.ReplyNoLongerPrivileged: ("Ada Young",),
    errors.AccountClosed: ("Ada Young",),
    errors.InsufficientCredits: (2, 1),
    errors.PriceChanged: (25,),
    errors.IllegalMove: ("sent", "opened"),
    errors.CardRefused: ("declined",),
    errors.PhotoRefused: (PhotoProblem.EMPTY,),
    errors.NotDriving: ("Aisha",),
    errors.CannotKill: (errors.WhyNoKill.TOO_SOON, timedelta(seconds=40)),
    errors.TooManySessions: (30, timedelta(minutes=5), False),
}


def every(kind: type) -> set[type]:
    return {sub for direct in kind.__subclasses__() for sub in (direct, *every(direct))}


@pytest.mark.parametrize(
    "kind",
    sorted(
        (
            kind
            for kind in every(errors.RxConnectError)
            if kind.__module__.startswith("rxconnect.") and not issubclass(kind, tuple(FOR_OPERATORS))
        ),
        key=lambda kind: kind.__name__,
    ),
    ids=lambda kind: kind.__name__,
)
def test_every_error_has_a_sentence(kind):
    assert kind in refusals.SENTENCES, f"{kind.__name__} needs its sentence in domain/refusals.py"
    error = kind(*ABOUT.get(kind, ()))
    english = refusals.sentence(error)
    for language in (*i18n.available_languages()[1:], i18n.PSEUDO):
        with i18n.using_language(language):
            foreign = refusals.sentence(error)
        assert kind is errors.Invalid or (english and foreign and foreign != english)


@pytest.mark.parametrize("problem", Problem, ids=lambda problem: problem.name)
def test_every_problem_has_a_sentence_that_names_its_facts(problem):
    about = {"most": 80, "length": 93, "least": 10, "count": 3, "credits": 5, "cents": 500, "facility": "Walla Walla"}
    about |= {"line": 7, "reason": "This is not TOML.", "language": "Elvish", "word": "…", "years": 2}
    english = problem_sentence(problem(**about))
    assert "{" not in english
    for language in (*i18n.available_languages()[1:], i18n.PSEUDO):
        with i18n.using_language(language):
            assert "{" not in problem_sentence(problem(**about)) != english


def test_facts_are_told_as_what_they_are():
    assert "$5.00" in problem_sentence(Problem.RELOAD_LIMIT_TOO_LOW(cents=500))
    assert "1 credit or more" in problem_sentence(Problem.TOO_FEW_CREDITS(facility="A", credits=1))
    assert "1 character over the limit of 13,000" in problem_sentence(Problem.BODY_TOO_LONG(count=1, most=13_000))


def test_whatever_may_not_be_found_has_its_sentence():
    code = "\n".join(file.read_text() for file in ROOT.rglob("*.py"))
    named = set(re.findall(r"(?:NotFound|id_in_path)\((?:self, )?\"([\w -]+)\"", code))
    assert "draft" in named
    assert named <= refusals._THINGS.keys() | refusals._THINGS_WITH_REASON.keys()


def test_why_something_may_not_be_found_is_said_once():
    told = [refusals.sentence(errors.NotFound(what)) for what in (*refusals._THINGS, *refusals._THINGS_WITH_REASON)]
    assert [text for text in told if text.count(". ") > 1 or text.count(" may ") > 1] == []
    assert [what for what, text in refusals._THINGS.items() if ". " in text] == []
    assert not refusals._THINGS.keys() & refusals._THINGS_WITH_REASON.keys()


def test_fields_of_a_form_are_told_in_their_order():
    refused = errors.Invalid(name=Problem.NAME_MISSING(), form=Problem.NOTHING_TO_REFUND())
    assert list(refusals.sentences_by_field(refused)) == ["name", "form"]
    assert refusals.sentences_by_field(errors.EmailTaken()).keys() == {"email"}
    assert refusals.sentences_by_field(errors.LinkExpired()).keys() == {"form"}
    assert "name missing" in str(refused)
    assert catalogs.placeholders(refusals.sentence(refused)) == set()


def test_whoever_does_not_drive_hears_who_does():
    assert "Only Aisha" in refusals.sentence(errors.NotDriving("Aisha"))
    assert "paused" in refusals.sentence(errors.NotDriving(""))
    assert "Everyone acts" in refusals.sentence(errors.NotDriving(None))


def test_whoever_comes_when_every_session_is_taken_hears_when_to_try_again():
    for is_own, words in ((True, "You have 3"), (False, "All 3")):
        told = refusals.sentence(errors.TooManySessions(3, timedelta(minutes=12), is_own))
        assert words in told
        assert "12 minutes" in told
