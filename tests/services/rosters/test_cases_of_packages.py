"""Lists as open-data sites pack them: with a text that explains them, and with keys of the database in each row."""

import zipfile

import pytest

from rxconnect.domain.errors import BadFile
from tests.services.rosters.lists import read

LIST = "inmate number,last name,first name\n20418873,Delgado,Marcus\n20418874,Ray,Mo\n"
KEYS = "BOOKING_NUM,LAST_NAME,FIRST_NAME,GlobalID\n24-0018,Delgado,Marcus,{8F2EC95F-1B2C-4D3E-8F90-D1DB884C21E6}\n"


def packed(folder, *names):
    path = folder / "list.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, LIST)
    return path


@pytest.mark.parametrize("beside", ["README.txt", "docs/Layout.PDF"])
def test_a_text_beside_the_list_is_passed_over_and_named(tmp_path, beside):
    found = read(packed(tmp_path, beside, "data/list.csv"))
    assert found.names == {"20418873": "Marcus Delgado", "20418874": "Mo Ray"}
    assert f"Passed over in the archive: {beside}." in found.notes


def test_two_lists_and_a_text_are_asked_about(tmp_path):
    with pytest.raises(BadFile, match="holds 3 files; unpack it"):
        read(packed(tmp_path, "README.txt", "men.csv", "women.csv"))


def test_a_text_alone_is_the_list(tmp_path):
    assert len(read(packed(tmp_path, "list.txt")).people) == 2


def test_a_key_that_is_longer_than_any_number_is_no_number(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(KEYS)
    assert read(path).names == {"24-0018": "Marcus Delgado"}
