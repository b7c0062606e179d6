"""A facility and the files of its roster."""

import itertools

import pytest


@pytest.fixture
def write(tmp_path, database):
    """`write(header, lines…)` writes a file and returns its path."""
    names = itertools.count()

    def save(*lines):
        path = tmp_path / f"roster-{next(names)}.csv"
        path.write_text("\n".join(lines) + "\n")
        return path

    return save


@pytest.fixture
def alder(facility):
    facility(key="alder", name="Alder County Jail", state="NV", opening="listed")
    return "alder"
