"""The audit shows as one line what a person saw beside a letter, and everything else row by row."""

from __future__ import annotations

from rxconnect.domain.audit import AuditKind, AuditLine, folded


def line(number: int, kind: AuditKind, person: str = "Denise") -> AuditLine:
    return AuditLine(
        number, "Mar 3, 3:42 p.m.", person, "Reviewer", kind.label, str(100 + number), "", f"hash {number}"
    )


def test_letters_that_one_person_saw_beside_another_are_one_line_with_their_count():
    beside, opened = AuditKind.LETTER_BESIDE, AuditKind.LETTER_OPENED
    rows = [line(9, beside), line(8, beside, "Tom"), line(7, beside), line(6, beside), line(5, beside), line(4, opened)]
    found = [(one.person, one.first or one.number, one.number, one.times, one.letter) for one in folded(rows)]
    assert found == [
        ("Denise", 9, 9, 1, "109"),
        ("Tom", 8, 8, 1, "108"),
        ("Denise", 5, 7, 3, "107, 106, 105"),
        ("Denise", 4, 4, 1, "104"),
    ]
    assert folded(rows)[2].hash == "hash 7"


def test_other_acts_are_never_folded():
    rows = [line(number, AuditKind.LETTER_OPENED) for number in (3, 2, 1)]
    assert folded(rows) == rows
