"""What we change in the built frontend, and when we refuse to."""

from __future__ import annotations

import pytest

from rxconnect.frontend import LeanFrontend, PortableFrontend

CONFIG = "  resolve: {\n    alias: [\n      {},\n    ],\n  },\n"
ROOT = 'window.__reflex = {\n  "react": React,\n};\n'
STATE = "const f = eval(text); retrieval(f); module.eval(g);"


@pytest.fixture
def changes():
    """What the plugin changes: each file's name and its change."""
    changes = {}
    LeanFrontend().pre_compile(add_modify_task=changes.__setitem__)
    return changes


@pytest.fixture
def built(tmp_path):
    """A build with one page; returns what it is asked to look at, and the page."""
    page = tmp_path / "app" / "routes" / "inbox.jsx"
    page.parent.mkdir(parents=True)
    static = tmp_path / "build" / "client"
    (static / "assets").mkdir(parents=True)
    return static, page


def test_what_reflex_makes_is_changed_once(changes):
    texts = {"vite.config.js": CONFIG, "app/root.jsx": ROOT, "utils/state.js": STATE}
    once = {name: changes[name](text) for name, text in texts.items()}
    assert "utils/plain-jsx.js" in once["vite.config.js"]
    assert once["app/root.jsx"] == "window.__reflex = {};\n"
    assert once["utils/state.js"] == "const f = globalThis.eval(text); retrieval(f); module.eval(g);"
    assert {name: changes[name](text) for name, text in once.items()} == once


@pytest.mark.parametrize("name", ["vite.config.js", "app/root.jsx", "utils/state.js"])
def test_a_file_of_reflex_that_has_changed_ends_the_build(changes, name):
    with pytest.raises(RuntimeError, match="have changed"):
        changes[name]("something else")


def test_a_page_that_is_styled_in_python_ends_the_build(built):
    static, page = built
    page.write_text('jsx("p",{className:"css"},"css: a letter")')
    LeanFrontend().post_build(static_dir=static)
    page.write_text('jsx("p",{className:"x",css:({["color"]:"red"})})')
    with pytest.raises(RuntimeError, match=r"inbox\.jsx"):
        LeanFrontend().post_build(static_dir=static)


def test_an_address_becomes_the_one_that_the_page_came_from(built):
    static, _page = built
    script = static / "assets" / "reflex-env-1.js"
    script.write_text('const a=`ws://localhost:8000/_event`,b="http://localhost:8000/ping";')
    PortableFrontend().post_build(static_dir=static)
    own = 'const a=location.origin.replace("http","ws")+"/_event",b=location.origin+"/ping";'
    assert script.read_text() == own
    with pytest.raises(RuntimeError, match="no address"):
        PortableFrontend().post_build(static_dir=static)
