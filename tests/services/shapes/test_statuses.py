"""Words for a status."""

import pytest

from rxconnect.domain.inmates import Custody
from rxconnect.services.shapes.statuses import are_security_levels, is_gone_word, read_status

HELD = """
    active|ACTIVE|held|In|IN|in custody|In-Custody|InCustody|INCUSTODY|in jail|incarcerated|Currently Incarcerated|Confined|Booked
    Sentenced|Pretrial|Pre-Trial|PRE TRIAL|Detained|Housed|Remanded|Out to Court|OUT TO COURT|Furlough|Work Release|Weekender
    Not released|Awaiting trial|Hold|ICE Hold|Y|Yes|true|TRUE|1|Active (Sentenced)|In Custody - Pretrial|Held: ICE|In Transit
    A - Active|In Custody since 1/1/2026|01-In Custody|FEDERAL HOLD|Other County Hold|Immigration Detainer|Held for Court|Activo|ACT|Prisoner
""".strip().replace("\n", "|")
RELEASED = """
    released|RELEASED|Out|OUT|Discharged|Bonded Out|BOND OUT|Bailed|Paroled|PAROLE|Deceased|Released on Own Recognizance|ROR
    Time Served|Not in custody|No longer in custody|Inactive|N|No|false|0|RELEASED - BOND POSTED|Released (ROR)|Deported
    R - Released|Released 02/01/2026|Released on 2/1/2026 13:45|Booked Out|Cite and Release|Probation|Out - Bond
""".strip().replace("\n", "|")
MOVED = "transferred|Transferred Out|Transferred to DOC|Released to other agency|RELEASED TO DOC|moved|Extradited|Out - To Prison"
UNKNOWN = "escaped|Unknown|CLOSE|MEDIUM|xyz|RELEASED/IN CUSTODY|Active - Released|A|R|Pending|?!x|No hold|Hold lifted"


def each(text):
    return [word.strip() for word in text.split("|")]


@pytest.mark.parametrize(
    ("word", "custody"),
    [
        *((word, Custody.HELD) for word in each(HELD)),
        *((word, Custody.RELEASED) for word in each(RELEASED)),
        *((word, Custody.MOVED) for word in each(MOVED)),
        *((word, None) for word in each(UNKNOWN)),
    ],
)
def test_a_word_for_a_status_is_read(word, custody):
    assert read_status(word) == custody


def test_a_letter_is_an_answer_only_to_a_question():
    assert (read_status("t"), read_status("f")) == (None, None)
    assert (read_status("t", is_flag=True), read_status("f", is_flag=True)) == (Custody.HELD, Custody.RELEASED)


def test_security_levels_are_no_status():
    assert are_security_levels({"CLOSE", "MEDIUM", "MINIMUM"})
    assert are_security_levels({"Minimum Security", "Medium Security", "Pending"})
    assert are_security_levels({"Level II", "Level IV"})
    assert not are_security_levels({"IN", "OUT"})
    assert not are_security_levels({"1", "0"})
    assert not are_security_levels({"MEDIUM", "released"})
    assert not are_security_levels(set())


def test_only_clear_words_say_in_another_column_that_somebody_has_left():
    assert is_gone_word("Released")
    assert not any(map(is_gone_word, ["N", "0", "out", "Active", "", "no", "x"]))
