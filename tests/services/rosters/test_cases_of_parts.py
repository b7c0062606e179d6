"""Lists that say themselves that they are only a part: one page of an answer, or fewer rows than they count."""

import json

import pytest

from rxconnect.domain.imports import Suspicious
from rxconnect.services.imports import imports
from tests.services.rosters.lists import in_words

ROWS = [
    {"inmate_id": "0041", "last_name": "WREN", "first_name": "OTTO"},
    {"inmate_id": "0042", "last_name": "LARK", "first_name": "ANN"},
]


def planned(tmp_path, document):
    (tmp_path / "answer.json").write_text(json.dumps(document))
    with imports.open_rosters(tmp_path / "answer.json", facility="alder") as roster:
        return in_words(imports.plan_rosters(roster))


@pytest.mark.parametrize(
    "beside",
    [
        {"exceededTransferLimit": True},
        {"properties": {"exceededTransferLimit": True}},
        {"totalCount": 57},
        {"recordsTotal": 57, "recordsFiltered": 2},
        {"response": {"numFound": "57"}},
        {"meta": {"pagination": {"total": 57}}},
        {"count": 57, "previous": None},
        {"next": "https://jail.example/inmates?page=2"},
        {"links": {"next": {"href": "/inmates?page=2"}}},
        {"@odata.nextLink": "/inmates?$skip=2"},
        {"paging": {"hasMore": True}},
        {"totalElements": 2, "last": False},
        {"totalPages": 4},
    ],
)
@pytest.mark.parametrize("is_above", [True, False])
def test_an_answer_that_is_one_page_of_several_is_asked_about(tmp_path, alder, beside, is_above):
    document = beside | {"data": ROWS} if is_above else {"data": ROWS} | beside

    plan = planned(tmp_path, document)

    assert plan.new == 2
    assert [reason for reason in plan.suspicious if "Get the whole list" in reason]


@pytest.mark.parametrize(
    "beside",
    [
        {"totalCount": 2},
        {"count": 2, "next": None, "previous": None},
        {"exceededTransferLimit": False, "total": "2"},
        {"last": True, "totalPages": 1},
        {"next": ""},
        {"downloadCount": 40417, "totalBond": 5000, "success": True},
    ],
)
def test_an_answer_that_is_whole_is_not(tmp_path, alder, beside):
    assert planned(tmp_path, {"data": ROWS} | beside).suspicious == []


def test_nothing_is_changed_by_a_part_before_somebody_accepts_it(tmp_path, alder):
    (tmp_path / "answer.json").write_text(json.dumps({"data": ROWS, "hasMore": True}))

    with imports.open_rosters(tmp_path / "answer.json", facility="alder") as roster:
        with pytest.raises(Suspicious, match="hasMore"):
            imports.import_rosters(roster)
        assert imports.import_rosters(roster, accept_suspicious=True).new == 2
