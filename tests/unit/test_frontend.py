"""What we change in the built frontend, and when we refuse to."""

from __future__ import annotations

import json
import re
import subprocess
import sysconfig
from collections import defaultdict
from collections.abc import Iterator
from functools import partial, reduce
from pathlib import Path

import pytest
import reflex as rx
from reflex.compiler.utils import compile_client_storage

from rxconnect import builds, components
from rxconnect import rxconnect as _app  # noqa: F401 - every page, with all its components
from rxconnect.frontend import (
    EarlySocket,
    HonestConnection,
    LateDoors,
    LeanFrontend,
    OfflineFrontend,
    OwnScripts,
    PortableFrontend,
    PreactFrontend,
    SpokenFrontend,
)
from rxconnect.i18n import PSEUDO, using_language
from rxconnect.i18n.catalogs import pseudo_translate

CONFIG = """  plugins: [
  ],
  groups: [
    {
      name: "reflex-env",
    },
  ],
  resolve: {
    alias: [
      {},
    ],
  },
"""
ROOT = 'window.__reflex = {\n  "react": React,\n};\n'
STATE = "const f = eval(text); retrieval(f); module.eval(g);"


@pytest.fixture
def changes():
    """What the plugin changes: each file's name and its changes, as one."""
    changes: dict[str, list] = defaultdict(list)
    LeanFrontend().pre_compile(add_modify_task=lambda name, change: changes[name].append(change))
    return {name: partial(_changed, found) for name, found in changes.items()}


@pytest.fixture
def built(tmp_path):
    """A build with one page; returns what it is asked to look at, and the page."""
    page = tmp_path / "app" / "routes" / "inbox.jsx"
    page.parent.mkdir(parents=True)
    static = tmp_path / "build" / "client"
    (static / "assets").mkdir(parents=True)
    return static, page


def _changed(changes, text):
    return reduce(lambda so_far, change: change(so_far), changes, text)


def test_what_reflex_makes_is_changed_once(changes):
    texts = {"vite.config.js": CONFIG, "app/root.jsx": ROOT, "utils/state.js": STATE}
    once = {name: changes[name](text) for name, text in texts.items()}
    assert "utils/plain-jsx.js" in once["vite.config.js"]
    assert once["vite.config.js"].startswith('import { lean } from "./utils/lean_build.js";\n')
    assert "plugins: [\n    lean(),\n" in once["vite.config.js"]
    assert re.search(r'name: "reflex-env",\n    \},\n\s*\{ name: "ours"', once["vite.config.js"])
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


def test_preact_is_put_into_reacts_place_once():
    changes = {}
    PreactFrontend().pre_compile(add_modify_task=lambda name, change: changes.setdefault(name, []).append(change))
    once = _changed(changes["vite.config.js"], CONFIG)
    assert once.startswith('import { preact } from "./utils/preact_build.js";\n')
    assert "plugins: [\n    preact(),\n" in once
    assert _changed(changes["vite.config.js"], once) == once


def test_what_preact_replaces_in_a_file_that_has_changed_ends_the_build(tmp_path):
    entry = tmp_path / "app" / "entry.client.js"
    entry.parent.mkdir()
    entry.write_text("hydrateRoot(document, createElement(HydratedRouter));")
    assert "hydrate(createElement(Suspense" in _loaded_instead(entry)
    entry.write_text("hydrateRoot(document, createElement(AnotherRouter));")
    assert _loaded_instead(entry).endswith(
        "has changed: there is no hydrateRoot(document, createElement(HydratedRouter));"
    )


def _loaded_instead(file: Path) -> str:
    """What our Vite plugin puts into this file's place, or its complaint."""
    script = f"""
        import {{ preact }} from "{Path(components.__file__).parent / "preact_build.js"}";
        const error = (message) => {{ throw message; }};
        try {{ console.log(preact().load.call({{ error }}, "{file}?client-route=1")); }} catch (message) {{ console.log(message); }}
    """
    node = [str(Path(sysconfig.get_path("scripts")) / "node"), "--input-type=module", "--eval", script]
    return subprocess.run(node, capture_output=True, text=True, check=True).stdout.strip()


def test_every_package_that_a_plugin_of_ours_adds_is_locked():
    locked = json.loads((builds.ROOT / "reflex.lock" / "package-lock.json").read_text())["packages"]
    for name in (wanted.rpartition("@")[0] for wanted in PreactFrontend().get_frontend_dependencies()):
        assert name in locked[""]["dependencies"]
        assert locked[f"node_modules/{name}"]["integrity"]


def test_no_state_keeps_a_var_in_the_browser_since_the_scripts_for_it_are_left_out():
    assert not any(compile_client_storage(rx.State).values())


def test_an_address_becomes_the_one_that_the_page_came_from(built):
    static, _page = built
    script = static / "assets" / "reflex-env-1.js"
    script.write_text('const a=`ws://localhost:8000/_event`,b="http://localhost:8000/ping";')
    PortableFrontend().post_build(static_dir=static)
    own = 'const a=location.origin.replace("http","ws")+"/_event",b=location.origin+"/ping";'
    assert script.read_text() == own
    with pytest.raises(RuntimeError, match="no address"):
        PortableFrontend().post_build(static_dir=static)


PAGE = (
    '<head><meta charSet="utf-8"/><link as="style" href="/assets/all-1.css" rel="preload"/>'
    '<link href="/assets/all-1.css" rel="stylesheet" type="text/css"/>'
    '<link rel="modulepreload" href="/assets/root-1.js"/></head><div class="%s">x</div>'
    '<script type="module" async="">import "/assets/root-1.js";</script>'
)


def test_a_page_before_sign_in_has_its_styles_inside_and_starts_its_scripts_late(built):
    static, _page = built
    (static / "assets" / "all-1.css").write_text("p{margin:0}")
    door, other = static / "sign-in.html", static / "inbox.html"
    door.write_text(PAGE % "door")
    other.write_text(PAGE % "shell")
    LateDoors().post_build(static_dir=static)
    (started,) = (static / "assets").glob("start-*.js")
    assert started.read_text() == 'import "/assets/root-1.js";'
    late = door.read_text()
    assert late.startswith(
        '<head><meta charSet="utf-8"/><style>p{margin:0}</style></head><div class="door">x</div><script'
    )
    assert f'import("/assets/{started.name}")' in late
    assert '["/assets/root-1.js"].forEach(' in late
    assert 'add("prefetch", "/assets/all-1.css")' in late
    assert 'import "/assets/root-1.js"' not in late
    assert other.read_text() == PAGE % "shell"
    door.write_text((PAGE % "door").replace(' async=""', ""))
    with pytest.raises(RuntimeError, match="starts or styles its pages otherwise"):
        LateDoors().post_build(static_dir=static)
    door.unlink()
    with pytest.raises(RuntimeError, match="no page"):
        LateDoors().post_build(static_dir=static)


def test_a_page_opens_its_socket_in_its_head_unless_its_scripts_come_late(built):
    static, _page = built
    (static.parents[1] / "reflex.json").write_text('{"version": "1.2.3"}')
    door, other = static / "sign-in.html", static / "inbox.html"
    door.write_text(PAGE % "door")
    with pytest.raises(RuntimeError, match="a head that we know"):
        EarlySocket().post_build(static_dir=static)
    other.write_text(PAGE % "shell")
    EarlySocket().post_build(static_dir=static)
    assert other.read_text().startswith('<head><meta charSet="utf-8"/><script>\n(() => {')
    assert '}`, "1.2.3");' in other.read_text()
    assert door.read_text() == PAGE % "door"


SOCKET = """
import { mergician } from "mergician";
import reflexEnvironment from "$/reflex.json";
  (unsavedToken ??= generateUUID());
    query: { token },
    reconnection: false,
      socket.current.io.opts.query = { token: getToken() };
    socket.emit("event", encodeFormDataArgs(routed_event));
  document.addEventListener("visibilitychange", checkVisibility);
      () => queueEvents(_events, socket, false, navigate, params),
"""


def test_the_framework_asks_us_before_it_queues_what_was_pressed():
    changes = {}
    HonestConnection().pre_compile(add_modify_task=changes.__setitem__)
    once = changes["utils/state.js"](SOCKET)
    assert "() => mayQueue(_events, args) && queueEvents(_events, socket" in once
    assert "query: { token, language: document.documentElement.lang, watches: " in once
    assert "opts.query = { ...socket.current.io.opts.query, token: getToken() };" in once
    assert "unsavedToken ??= earlyTab() ?? generateUUID()" in once
    assert "send(socket, routed_event, encodeFormDataArgs(routed_event));" in once
    assert changes["utils/state.js"](once) == once
    with pytest.raises(RuntimeError, match="have changed"):
        changes["utils/state.js"](SOCKET.replace("queueEvents(", "queue("))
    asked = OwnScripts().get_static_assets()
    ours = [name for name in once.split('"') if name.startswith("$/utils")]
    assert ours == ["$/utils/connection.js", "$/utils/early_socket.js"]
    assert "export function mayQueue" in dict(asked)[Path("utils/connection.js")]


def test_every_library_of_our_own_components_is_put_into_the_build():
    put = {f"$/{path}" for path, _script in OwnScripts().get_static_assets()}
    ours = {vars(one).get("library") for one in _all(rx.Component) if one.__module__.startswith("rxconnect.")}
    assert {"$/utils/field.js", "$/utils/steady.js"} < ours
    assert ours - {None} <= put


def _all(component: type) -> Iterator[type]:
    for one in component.__subclasses__():
        yield one
        yield from _all(one)


def test_the_service_worker_belongs_to_its_build(built):
    static, _page = built
    (static / "assets" / "__reflex_global_styles-AbC_1.css").touch()

    def worker() -> str:
        (static / "worker.js").write_text("offline-{{build}} {{stylesheet}}")
        (static / "offline.html").write_text("{{stylesheet}}")
        OfflineFrontend().post_build(static_dir=static)
        assert (static / "offline.html").read_text() == "/assets/__reflex_global_styles-AbC_1.css"
        return (static / "worker.js").read_text()

    first = worker()
    assert "{{" not in first
    assert worker() == first
    (static / "assets" / "another-page-2.js").touch()
    assert worker() != first
    with pytest.raises(RuntimeError, match="nothing to fill in"):
        OfflineFrontend().post_build(static_dir=static)


def test_static_pages_and_scripts_get_their_sentences_in_the_language_of_the_build(built):
    static, _page = built
    (static / "offline.html").write_text('<html lang="en"><h1>{{No connection}}</h1><p>{{build}}</p>')
    (static / "app.json").write_text('{"description": "{{Try again}}"}')
    with using_language(PSEUDO):
        SpokenFrontend().post_build(static_dir=static)
        sentences = json.loads(dict(SpokenFrontend().get_static_assets())[Path("utils/sentences.json")])
    assert (
        static / "offline.html"
    ).read_text() == f'<html lang="en"><h1>{pseudo_translate("No connection")}</h1><p>{{{{build}}}}</p>'
    assert json.loads((static / "app.json").read_text()) == {"description": pseudo_translate("Try again")}
    assert sentences["Saved"] == pseudo_translate("Saved")
