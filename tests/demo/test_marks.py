"""Each step of a built-in scenario marks the controls that it is about."""

from __future__ import annotations

import pytest

from rxconnect import routes
from rxconnect.demo import scenarios
from rxconnect.rxconnect import _FAMILY_PAGES, _KIOSK_PAGES, _STAFF_PAGES

_PAGES = {address: page for address, _title, page, _on_load in (*_FAMILY_PAGES, *_STAFF_PAGES, *_KIOSK_PAGES)}
_STEPS = [
    pytest.param(step, id=f"{key}-{number}")
    for key, scenario in scenarios.all_scenarios().items()
    for number, step in enumerate(scenario.steps, start=1)
]


@pytest.mark.parametrize("step", _STEPS)
def test_a_press_leads_to_the_page_where_a_step_begins_unless_the_step_before_leads_there(step):
    assert step.page in _PAGES or (step.page, step.at) in [("", routes.SEND), ("", routes.PAYMENT), ("", routes.REVIEW)]


@pytest.mark.parametrize("step", _STEPS)
def test_the_marks_of_a_step_are_on_the_page_that_it_names(step):
    page = str(_PAGES[step.at]().render())
    for mark in step.mark.split():
        assert f"'id:\"{mark}\"'" in page or ("data-mark" in page and f'"{mark}"' in page)
