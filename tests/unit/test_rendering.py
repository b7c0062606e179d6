"""Every page can be made: what only the build would find out minutes later."""

import pytest

from rxconnect.rxconnect import _DEMO_PAGES, _DOOR_PAGES, _FAMILY_PAGES, _STAFF_PAGES

PAGES = {address: page for address, _, page, _ in [*_DOOR_PAGES, *_FAMILY_PAGES, *_STAFF_PAGES, *_DEMO_PAGES]}


@pytest.mark.parametrize("address", PAGES)
def test_a_page_can_be_made_and_styles_nothing_itself(address):
    assert "'css:(" not in str(PAGES[address]().render())
