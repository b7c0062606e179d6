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


@pytest.mark.parametrize("number", ["#40011", "# 40011", "40011#"])
def test_the_sign_of_a_number_is_no_part_of_it(write, number):
    assert [*read(write("Number,Name", f'{number},"WREN, OTTO"')).people] == ["40011"]


def test_a_refusal_proposes_no_age_as_a_number(write):
    with pytest.raises(BadFile, match=r'there is no column for number.*--map number="COLUMN"'):
        read(write("Name,Age/Sex,Bond Amount", '"WREN, OTTO",34/M,500', '"LARK, ANN",22/F,750'))
