"""The demonstration's rules of screening: a few believable ones, and one that holds too much."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from rxconnect.domain.accounts import Actor
from rxconnect.domain.rules import NewRule
from rxconnect.domain.screening import RuleKind
from rxconnect.services.screening import rules, trials

RULES = (
    NewRule(
        RuleKind.PATTERN,
        "Telephone numbers",
        pattern=r"\b[0-9]{3}[-. ]?[0-9]{3}[-. ]?[0-9]{4}\b",
        is_published=True,
        published_text="This looks like a telephone number of another person.",
    ),
    NewRule(
        RuleKind.PATTERN,
        "Street addresses",
        pattern=r"\b[0-9]{1,5} [a-z]+ (street|lane|road|avenue|drive)\b",
        is_published=True,
        published_text="This looks like an address of another person.",
    ),
    NewRule(
        RuleKind.WORDS,
        "The building and its staff",
        words="night shift\neast gate\nside door\nbroken camera\nguard\nguards",
        is_published=True,
        published_text="Please do not describe the building, the staff or their routines.",
    ),
    NewRule(RuleKind.WORDS, "Hidden meaning", words="burn after reading\nyou know what it means\nread this twice"),
    NewRule(RuleKind.WORDS, "Threats", words="be sorry\nwhat i can do\ncould have killed\npay for this"),
    # The rule that holds too much: families write about these every day.
    NewRule(
        RuleKind.WORDS,
        "Plans and days",
        words="saturday\nsunday\nfriday\nnumber\ncall\nphone\nschool\nhome\nmoney\ngame",
    ),
    NewRule(
        RuleKind.LETTERS,
        "Many letters a day",
        most="4",
        is_published=True,
        published_text="Staff look at more than four letters a day to one person together, which takes longer.",
    ),
)


def create_rules(session: Session, administrator: Actor) -> list[int]:
    """Write the rules, try them, and switch them on. Staff go on reading every letter. Returns their ids."""
    (post,) = administrator.posts
    rule_ids = [rules.write(session, administrator, post.facility_id, rule) for rule in RULES]
    for rule_id in rule_ids:
        trials.try_rule(administrator, rule_id)
        rules.switch_on(session, administrator, rule_id)
    return rule_ids


def try_again(administrator: Actor, rule_ids: Iterable[int]) -> None:
    """Try the rules on the letters that there are by now."""
    for rule_id in rule_ids:
        trials.try_rule(administrator, rule_id)
