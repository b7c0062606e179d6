"""JSON documents whose columns stand apart from their rows, or whose rows stand by column."""

import json

import pytest

from rxconnect.domain.errors import BadFile
from tests.services.rosters.lists import read

NAMES = ["Inmate ID", "Last Name", "First Name", "Pod"]
ROWS = [[20418873, "DELGADO", "MARCUS", "B"], [20418874, "WREN", "OTTO", None]]
BOTH = ["20418873 Marcus Delgado B", "20418874 Otto Wren"]
OWN = [{"name": "sid", "fieldName": ":sid"}, {"name": "id", "fieldName": ":id"}]
CHARGES = {"columns": ["Charge", "Statute", "Bail"], "data": [["THEFT", "13A", "100"]]}


def _objects(name, names=NAMES):
    return [{name: one, "type": "string"} for one in names]


def _cells(name):
    return [{name: [None if one is None else {"v": one} for one in row]} for row in ROWS]


def _named(form):
    """The rows as objects, with the names in this form and without the columns that are empty."""
    return [{form.format(name): one for name, one in zip(NAMES, row, strict=True) if one is not None} for row in ROWS]


DOCUMENTS = {
    "Power BI": {"results": [{"tables": [{"rows": _named("Inmates[{}]")}]}]},
    "Power BI, a table with a blank": {"results": [{"tables": [{"rows": _named("'Jail Roster'[{}]")}]}], "label": {"id": "x"}},
    "Power BI, measures": {"results": [{"tables": [{"rows": _named("[{}]")}]}]},
    "Power BI, two queries": {"results": [
        {"tables": [{"rows": [{"Meta[Refreshed]": "2026-11-30"}]}]}, {"tables": [{"rows": _named("Inmates[{}]")}]}]},
    "Azure": {"tables": [{"name": "PrimaryResult", "columns": _objects("name"), "rows": ROWS}]},
    "Snowflake": {"resultSetMetaData": {"numRows": 2, "rowType": _objects("name")}, "data": ROWS},
    "Elasticsearch": {"took": 3, "hits": {"total": 2, "hits": [
        {"_index": "jail", "_id": str(at), "_source": row} for at, row in enumerate(_named("{}"))]}},
    "Socrata": {
        "meta": {"view": {"id": "x", "grants": [{"type": "viewer"}], "columns": [*OWN, *_objects("name")]}},
        "data": [["row-1", "uuid", *row] for row in ROWS],
    },
    "pandas, split": {"columns": NAMES, "index": [0, 1], "data": ROWS},
    "pandas, split, in another order": {"index": [0, 1], "data": ROWS, "columns": NAMES},
    "pandas, by column": {name: {str(at): row[place] for at, row in enumerate(ROWS)} for place, name in enumerate(NAMES)},
    "pandas, by row": {str(at): dict(zip(NAMES, row, strict=True)) for at, row in enumerate(ROWS)},
    "lists by column": {name: [row[place] for row in ROWS] for place, name in enumerate(NAMES)},
    "DataTables of old": {"sEcho": 1, "aoColumns": _objects("sTitle"), "aaData": ROWS},
    "DataTables": {"draw": 1, "data": ROWS, "columns": [{"data": at, "title": name} for at, name in enumerate(NAMES)]},
    "rows and fields": {"result": {"rows": ROWS, "fields": _objects("name")}},
    "headers and values": {"headers": NAMES, "values": ROWS},
    "Google Sheets": {"range": "A1:D3", "majorDimension": "ROWS", "values": [NAMES, *ROWS]},
    "Google's tables": {"table": {"cols": _objects("label"), "rows": _cells("c")}},
    "BigQuery": {"schema": {"fields": _objects("name")}, "rows": _cells("f")},
    "ArcGIS": {"fields": _objects("name"), "features": [{"attributes": dict(zip(NAMES, row, strict=True))} for row in ROWS]},
    "GeoJSON": {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": dict(zip(NAMES, row, strict=True))}
        for row in ROWS]},
    "two tables": {"charges": CHARGES, "inmates": {"data": ROWS, "columns": NAMES}},
    "two tables, people first": {"inmates": {"columns": NAMES, "data": ROWS}, "charges": CHARGES},
}  # fmt: skip


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_shape_of_a_table_in_json_is_read(tmp_path, kind, indent):
    path = tmp_path / "roster.json"
    path.write_text(json.dumps(DOCUMENTS[kind], indent=indent))

    found = read(path)

    assert (found.lines, found.bad) == (BOTH, [])


@pytest.mark.parametrize("names", [NAMES[:3], [*NAMES, "Bed"]])
def test_names_of_another_number_of_columns_name_none(tmp_path, names):
    path = tmp_path / "roster.json"
    path.write_text(json.dumps({"columns": names, "data": ROWS}))

    with pytest.raises(BadFile):
        read(path)


def test_a_row_with_a_cell_too_many_is_bad(tmp_path):
    path = tmp_path / "roster.json"
    path.write_text(json.dumps({"columns": NAMES, "data": [*ROWS, [20418875, "LARK", "ANN", "C", "more"]]}))

    found = read(path)

    assert (found.lines, len(found.bad)) == (BOTH, 1)
