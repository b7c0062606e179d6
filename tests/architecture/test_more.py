"""Every button that asks for more lines is `components/more.py`, which moves the keyboard's focus to the first new line.

A new handler with such a name is covered by itself.
"""

import json
import re

from tests.architecture.test_handlers import HANDLERS
from tests.architecture.test_removals import PAGES, short

# The arrow keys of a search move the focus as well (`components/arrow_keys.js`).
IN_A_SEARCH = {"FindInmateState.load_more"}


def buttons(node):
    """The innermost components of a rendered page that call something when pressed: their name, and their text."""
    if isinstance(node, dict):
        if any("onClick" in str(prop) for prop in node.get("props", ())):
            yield node.get("name", ""), json.dumps(node["props"], default=str).replace('\\"', '"')
        node = [*node.values()]
    if isinstance(node, list | tuple):
        for part in node:
            yield from buttons(part)


def test_a_button_that_shows_more_moves_the_focus_to_the_first_new_line():
    wanted = [name for name in HANDLERS if re.search(r"\.(\w+_)?(more|older|newer)$", name)]
    assert len(wanted) >= 7
    called = [button for page in PAGES.values() for button in buttons(page().render())]
    for name in wanted:
        tags = {tag for tag, text in called if f'"{name}"' in text}
        assert tags, short(name)
        assert tags == {"More"} or short(name) in IN_A_SEARCH, short(name)
