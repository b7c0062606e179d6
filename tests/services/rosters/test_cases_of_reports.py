"""Lists as programs of reports write them: with numbered columns, plans beside dates, and columns that hold no names."""

import json

import pytest

from rxconnect.domain.errors import BadFile
from rxconnect.domain.inmates import Custody
from tests.services.rosters.lists import read


def custody(found):
    return {number: person.custody for number, person in found.people.items()}


def test_columns_may_be_numbered_below_a_block_of_titles(write):
    rows = [
        "Textbox3,ExecutionTime",
        "Custody Roster,11/30/2026 5:30:11 AM",
        "",
        "SONumber1,InmateName1,DOB1,CustodyStatus1",
    ]

    found = read(write(*rows, 'SO-11,"WREN, OTTO",3/1/1983,In Custody', 'SO-12,"LARK, ANN",5/5/2002,Released - ROR'))

    assert found.lines == ["SO-11 Otto Wren 1983-03-01", "SO-12 Ann Lark 2002-05-05"]
    assert custody(found) == {"SO-11": Custody.HELD, "SO-12": Custody.RELEASED}


def test_a_second_name_is_not_taken_for_the_first(write):
    with pytest.raises(BadFile, match="no column for first name, last name"):
        read(write("Booking #,Name1,Name2,DOB", "26-1,WREN OTTO,SMITH JO,3/1/1983", "26-2,LARK ANN,SMITH JO,3/2/1984"))


def test_a_planned_release_in_the_past_releases_nobody_and_asks_nothing(tmp_path):
    people = [
        {
            "inmateNum": "10417-052",
            "nameFirst": "OTTO",
            "nameLast": "WREN",
            "projRelDate": "11/01/2020",
            "actRelDate": "",
        },
        {
            "inmateNum": "55110-018",
            "nameFirst": "ANN",
            "nameLast": "LARK",
            "projRelDate": "",
            "actRelDate": "06/19/2019",
        },
    ]
    (tmp_path / "locator.json").write_text(json.dumps({"Messages": [], "InmateLocator": people}))

    found = read(tmp_path / "locator.json")

    assert custody(found) == {"10417-052": Custody.HELD, "55110-018": Custody.RELEASED}


def test_a_refusal_does_not_offer_columns_of_other_words_as_names(write):
    with pytest.raises(BadFile) as refused:
        read(write("Identifier,Race,Offense,Detainer", "ZZ1,BLACK,LARCENY,NONE", "ZZ2,WHITE,MURDER,NONE"))

    assert '--map first_name="COLUMN" --map last_name="COLUMN".' in str(refused.value)


def test_a_refusal_tells_first_names_from_last_ones_by_usual_names_or_not_at_all(write):
    with pytest.raises(BadFile, match=r'--map first_name="CIFST" --map last_name="CILST"'):
        read(write("CIDNUM,CILST,CIFST", "A17,WREN,OSCAR", "A18,LARK,ANN", "A19,DOVE,DIANA"))
    with pytest.raises(BadFile, match=r'--map first_name="COLUMN" --map last_name="COLUMN"'):
        read(write("CIDNUM,CILST,CIFST", "A17,WREN,OTTOKAR", "A18,LARK,ANNIKA"))


def test_a_refusal_offers_a_column_of_whole_names_as_the_name(write):
    with pytest.raises(BadFile) as refused:
        read(write("Zeta,Who,Offense", 'J1,"WREN, OTTO","THEFT, PETIT"', 'J2,"LARK, ANN","ASSAULT, FOURTH"'))

    assert str(refused.value).endswith('Say which one it is: --map number="Zeta" --map name="Who".')


@pytest.mark.parametrize(
    "word", ["Temp Out - Hospital", "TEMP OUT", "Temp Release", "Housed Out - Pine County", "Transferred In"]
)
def test_who_is_out_for_a_while_is_held(write, word):
    found = read(write("Booking #,Last,First,Status", f"26-1,WREN,OTTO,{word}", "26-2,LARK,ANN,In Custody"))

    assert custody(found)["26-1"] == Custody.HELD
