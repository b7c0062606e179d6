"""The facts of a letter in a public-records export, and those that are withheld because few letters share them."""

from collections import Counter

import pytest

from rxconnect.domain.public_records import FEWEST, WITHHELD, LetterFacts, redact

APPROVED = LetterFacts.of("delivered", (7_200, False), None, "")
THREAT = LetterFacts.of("rejected", (90_000, False), "threat", "upheld")


def test_a_letter_is_told_in_bands_and_words_of_ours():
    assert APPROVED == ("delivered", "staff", "0 to 4", "yes", "", "")
    assert THREAT == ("rejected", "staff", "24 to 48", "yes", "threat", "upheld")
    assert LetterFacts.of("opened", None, None, "") == ("delivered", "rules", "", "", "", "")
    assert LetterFacts.of("undeliverable", None, None, "").decided_by == ""
    assert LetterFacts.of("in review", None, None, "").outcome == "waiting"
    assert LetterFacts.of("delivered", (1, False), "threat", "").outcome == "delivered, a part rejected"
    assert LetterFacts.of("delivered", (1, False), "threat", "overturned").outcome == "delivered"
    assert LetterFacts.of("expired", (10**7, True), None, "")[2:4] == ("more than 168", "no")


def test_what_enough_letters_share_is_told():
    assert redact([APPROVED] * FEWEST) == [APPROVED] * FEWEST


def test_what_too_few_share_is_withheld_beginning_with_the_time():
    times = [THREAT._replace(hours=f"{hours}") for hours in range(FEWEST)]
    assert set(redact(times)) == {THREAT._replace(hours=WITHHELD, in_time=WITHHELD)}


def test_a_single_letter_tells_only_what_became_of_it():
    (alone, *rest) = redact([THREAT, *[APPROVED] * 9])
    assert alone == ("rejected", "staff", WITHHELD, WITHHELD, WITHHELD, WITHHELD)
    assert rest == [APPROVED] * 9


@pytest.mark.parametrize("letters", [1, 4, 30, 200])
def test_no_reason_stands_in_a_line_that_fewer_than_five_letters_share(letters):
    reasons, appeals = ("threat", "coded language", ""), ("", "upheld", "overturned")
    made = [
        LetterFacts.of("rejected", (one * 3_571 % 400_000, one % 7 == 0), reasons[one % 3], appeals[one % 11 % 3])
        for one in range(letters)
    ]
    counts = Counter(redact(made))
    assert counts.total() == letters
    assert all(count >= FEWEST for facts, count in counts.items() if facts.reason != WITHHELD)
