"""Each step of a built-in scenario marks the control that it is about."""

from __future__ import annotations

import pytest

from rxconnect.demo import scenarios
from rxconnect.rxconnect import _FAMILY_PAGES, _STAFF_PAGES

_PAGES = {address: page for address, _title, page, _on_load in (*_FAMILY_PAGES, *_STAFF_PAGES)}
_STEPS = [
    pytest.param(step, id=f"{key}-{number}")
    for key, scenario in scenarios.all_scenarios().items()
    for number, step in enumerate(scenario.steps, start=1)
]


@pytest.mark.parametrize("step", _STEPS)
def test_the_mark_of_a_step_is_on_the_page_that_it_names(step):
    assert f"'id:\"{step.mark}\"'" in str(_PAGES[step.at]().render())
