"""Names in columns of their own that are more than names: nicknames, a second last name, and a comma that nobody quoted."""

import pytest

from rxconnect.domain.errors import BadFile
from tests.services.rosters.lists import read


@pytest.mark.parametrize(
    ("first", "last", "name", "aliases"),
    [
        ('"OTTO ""OZZIE"""', "WREN", "Otto Wren", "Ozzie Wren"),
        ("OTTO (OZZIE)", "WREN", "Otto Wren", "Ozzie Wren"),
        ("OTTO (AKA OSCAR LARK)", "WREN", "Otto Wren", "Oscar Lark"),
        ("ANN", "WREN (DOVE)", "Ann Wren", "Ann Dove"),
        ("OTTO (JR)", "WREN", "Otto Wren", ""),
        ("'OZZIE'", "WREN", "'Ozzie' Wren", ""),
        ("D'ANDRE O'NEIL", "WREN", "D'Andre O'Neil Wren", ""),
    ],
)
def test_a_nickname_beside_a_name_is_an_alias(write, first, last, name, aliases):
    person = read(write("Number,First Name,Last Name", f"101,{first},{last}")).people["101"]

    assert (f"{person.first_name} {person.last_name}", person.aliases) == (name, aliases)


@pytest.mark.parametrize(
    "header",
    [
        "Núm. Confinado,Apellido Paterno,Apellido Materno,Nombre",
        "Número de Interno,Primer Apellido,Segundo Apellido,Nombre",
        "Inmate Number,Last Name,Second Last Name,First Name",
    ],
)
def test_a_second_last_name_follows_the_first(write, header):
    found = read(write(header, "101,REYES,LUNA,ANA", "102,ÁVILA,,JOSÉ", "103,SOTO,N/A,EVA"))

    assert found.names == {"101": "Ana Reyes Luna", "102": "José Ávila", "103": "Eva Soto"}


def test_a_mothers_maiden_name_is_nobodys(write):
    found = read(write("Number,Last Name,First Name,Mother's Maiden Name", "101,WREN,OTTO,LARK"))

    assert found.names == {"101": "Otto Wren"}


def test_a_whole_name_may_be_cut_by_its_own_comma(write):
    rows = ["101,WREN, OTTO,02/13/1990,M", "102,DE LA CRUZ, ANN MARIE,,F", "103,LARK, IDA, JR,04/13/1985,F"]

    found = read(write("Number,Name,DOB,Sex", *rows, "104,SUHARTO,05/13/1986,M"))

    assert found.lines == [
        "101 Otto Wren 1990-02-13",
        "102 Ann Marie de la Cruz",
        "103 Ida Lark Jr 1985-04-13",
        "104 Suharto 1986-05-13",
    ]
    assert "The names in Name have a comma and are not quoted; they are read as one cell." in found.notes


@pytest.mark.parametrize(
    "row",
    ["103,LARK, IDA,M,2ND,FLOOR,1", "103,LARK,IDA ST 4,04/13/1985,M", '103,"LARK, IDA",04/13/1985,F,2ND'],
)
def test_another_row_with_too_many_cells_is_left_out(write, row):
    found = read(write("Number,Name,DOB,Sex", "101,WREN, OTTO,02/13/1990,M", "102,DOVE, ANN,03/13/1990,F", row))

    assert list(found.people) == ["101", "102"]
    assert len(found.bad) == 1


def test_few_names_with_a_comma_are_not_joined(write):
    rows = [f'10{n},"WREN, OTTO",1990-02-0{n},M' for n in range(1, 5)]

    found = read(write("Number,Name,DOB,Sex", *rows, "105,LARK, IDA,1985-04-13,F"))

    assert [len(found.people), found.bad] == [4, ["has 5 cells, but its header names 4 columns"]]


@pytest.mark.parametrize("number", ["#40011", "# 40011", "40011#"])
def test_the_sign_of_a_number_is_no_part_of_it(write, number):
    assert [*read(write("Number,Name", f'{number},"WREN, OTTO"')).people] == ["40011"]


def test_a_refusal_proposes_no_age_as_a_number(write):
    with pytest.raises(BadFile, match=r'there is no column for number.*--map number="COLUMN"'):
        read(write("Name,Age/Sex,Bond Amount", '"WREN, OTTO",34/M,500', '"LARK, ANN",22/F,750'))


def test_a_whole_name_adds_what_has_no_column_of_its_own(write):
    rows = [
        '101,"WREN, OTTO HUGO JR",OTTO,WREN',
        '102,"DE LA CRUZ, MARY ANN",MARY ANN,DE LA CRUZ',
        '103,"LARK, IDA MAY",IDA,LARK',
        '104,"DOVE, EVA LOU",EVA,SWAN',
    ]

    found = read(write("Booking #,Full Name,First Name,Last Name", *rows))

    assert found.lines == ["101 Otto Hugo Wren Jr", "102 Mary Ann de la Cruz", "103 Ida May Lark", "104 Eva Swan"]
    assert found.people["102"].middle_name == ""


def test_a_whole_name_adds_nothing_to_a_column_of_middle_names(write):
    found = read(write("Booking #,Full Name,First Name,Middle Name,Last Name", '1,"WREN, OTTO H",OTTO,,WREN'))

    assert found.lines == ["1 Otto Wren"]
