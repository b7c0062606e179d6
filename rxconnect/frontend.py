"""What we change in the built frontend: one build serves at any address, and leaves out what no page of ours uses."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import reflex as rx

from rxconnect.i18n import _, catalogs, language

# Reflex bakes the server's address into the bundle, as in `ws://localhost:8000/_event`.
_BAKED_ADDRESS = re.compile(r"([\"'`])(http|ws)s?://[^/\"'`]+:\d+(/[^\"'`]*)\1")
# An element of a compiled page that is styled in Python, which Emotion would make a stylesheet of in the browser.
_STYLED = re.compile(r"[{,]\s*css:\(")
_PLAIN_JSX = "utils/plain-jsx.js"
# What Vite wraps around a script that is loaded later, to find its stylesheets: none of ours has any.
_PRELOADING = "vite/preload-helper.js"
_NO_PRELOADING = (
    f'{{ name: "rxconnect-lean", enforce: "pre", load: (id) => (id.endsWith("{_PRELOADING}") ? '
    '"export const __vitePreload = (load) => load();" : null) },'
)
# What Reflex keeps for components that are made while the app runs: all of its own code, and all of Emotion's.
_NOTHING = "window.__reflex = {};"
_STYLESHEET = re.compile(r"__reflex_global_styles-[\w-]+\.css")
_CONNECTION = "utils/connection.js"
_SENTENCES, _SPOKEN = "utils/sentences.json", "utils/spoken.js"
# What asks and tells `connection.js`, by the place in the framework's `utils/state.js` that it replaces.
_CONNECTED = {
    r"import \{ mergician": f'import {{ mayQueue, send, watch }} from "$/{_CONNECTION}";\nimport {{ mergician',
    # Else a server that takes connections and never answers keeps a browser waiting for 20 s, each time.
    r"reconnection: false,": "reconnection: false, timeout: 4000,",
    r'socket\.emit\("event", encodeFormDataArgs\(routed_event\)\)': (
        "send(socket, routed_event, encodeFormDataArgs(routed_event))"
    ),
    r'document\.addEventListener\("visibilitychange", checkVisibility\);': (
        'watch(socket.current); document.addEventListener("visibilitychange", checkVisibility);'
    ),
    r"\(\) => queueEvents\((?=_events, socket)": ("() => mayQueue(_events, args) && queueEvents("),
}


class PortableFrontend(rx.plugins.Plugin):
    """Lets the browser find the server at the address it was loaded from, instead of one fixed at build time."""

    def post_build(self, *, static_dir: Path, **_context: Any) -> None:
        """Rewrite the baked addresses; fails the build when there are none, so that it cannot rot silently."""
        rewritten = 0
        for script in (static_dir / "assets").glob("reflex-env-*.js"):
            text, count = _BAKED_ADDRESS.subn(_at_own_origin, script.read_text())
            script.write_text(text)
            rewritten += count
        if not rewritten:
            raise RuntimeError("The built frontend holds no address to rewrite: has Reflex moved it?")


class SpokenFrontend(rx.plugins.Plugin):
    """Puts the sentences of our scripts, `_("Try again")`, in the language of the build: no script looks anything up."""

    def get_static_assets(self, **_context: Any) -> list[tuple[Path, str | bytes]]:
        """Every sentence that is in the scripts, and the plugin of Vite that puts it in."""
        words = json.dumps({sentence: _(sentence) for sentence in catalogs.extract_scripts()})
        return [
            (Path(_SENTENCES), words),
            (Path(_SPOKEN), (Path(__file__).parent / "components" / "spoken.js").read_text()),
        ]

    def pre_compile(self, **context: Any) -> None:
        """Have Vite use the plugin; fails the build when its configuration is not as we know it."""
        modify = context["add_modify_task"]
        modify("vite.config.js", _once(r"plugins: \[\n", r"\g<0>    spoken(),\n", done="    spoken(),\n"))
        modify("vite.config.js", _once(r"\A", f'import {{ spoken }} from "./{_SPOKEN}";\n', done=_SPOKEN))

    def post_build(self, *, static_dir: Path, **_context: Any) -> None:
        """Put in those of the files that are served as they are."""
        for file in (static_dir / "offline.html", static_dir / "app.json"):
            text = file.read_text(encoding="utf-8")
            file.write_text(catalogs.STATIC.sub(lambda place: _(place[1]), text), encoding="utf-8")


class OfflineFrontend(rx.plugins.Plugin):
    """Tells the service worker (`assets/worker.js`) which build it belongs to, and the page offline its stylesheet."""

    def post_build(self, *, static_dir: Path, **_context: Any) -> None:
        """Fill in both; fails the build when there is nothing to fill in, so that it cannot rot silently."""
        names = sorted(file.name for file in (static_dir / "assets").iterdir())
        (stylesheet,) = [f"/assets/{name}" for name in names if _STYLESHEET.fullmatch(name)]
        facts = {
            "{{stylesheet}}": stylesheet,
            "{{language}}": language(),
            "{{build}}": hashlib.sha256("".join(names).encode()).hexdigest()[:12],
        }
        for file in (static_dir / "offline.html", static_dir / "worker.js"):
            text = file.read_text()
            if not any(place in text for place in facts):
                raise RuntimeError(f"There is nothing to fill in in {file.name}.")
            for place, fact in facts.items():
                text = text.replace(place, fact)
            file.write_text(text)


class LeanFrontend(rx.plugins.Plugin):
    """Leaves out 10 KB of 135 that every family would pay for (`docs/decisions/0027-a-lean-frontend.md`)."""

    def get_static_assets(self, **_context: Any) -> list[tuple[Path, str | bytes]]:
        """What the pages make their elements with, in place of Emotion."""
        return [(Path(_PLAIN_JSX), 'export { createElement as jsx } from "react";\n')]

    def pre_compile(self, **context: Any) -> None:
        """Change three of the files that Reflex makes; fails the build when one is not as we know it."""
        modify = context["add_modify_task"]
        modify("vite.config.js", _lean_config)
        modify("app/root.jsx", _once(r"window\.__reflex = \{[^}]+\};", _NOTHING, done=_NOTHING))
        # Beside a direct `eval` no name in the whole file may be shortened.
        modify("utils/state.js", _once(r"(?<![.\w])eval\(", "globalThis.eval(", done="globalThis.eval("))

    def post_build(self, *, static_dir: Path, **_context: Any) -> None:
        """Refuse a page that needs Emotion after all, or a script that looks for stylesheets."""
        made = [
            page for folder in ("app", "app_components") for page in (static_dir.parents[1] / folder).rglob("*.jsx")
        ]
        styled = [page.name for page in made if _STYLED.search(page.read_text())]
        if styled or not made:
            raise RuntimeError(f"Style with a class of the stylesheet instead: {', '.join(styled) or 'no page found'}.")
        if any("preload CSS" in script.read_text() for script in (static_dir / "assets").glob("*.js")):
            raise RuntimeError(f"Vite's own files have changed: {_PRELOADING} is called otherwise.")


class HonestConnection(rx.plugins.Plugin):
    """Has the framework ask `components/connection.js` before it queues and when it sends (`docs/decisions/0041-*`)."""

    def get_static_assets(self, **_context: Any) -> list[tuple[Path, str | bytes]]:
        """Beside the framework's own files, so that both sides import the same one."""
        return [(Path(_CONNECTION), (Path(__file__).parent / "components" / "connection.js").read_text())]

    def pre_compile(self, **context: Any) -> None:
        """Change what connects a page with us; fails the build when it is not as we know it."""
        context["add_modify_task"]("utils/state.js", _with_connection)


def _lean_config(text: str) -> str:
    text = _once(r"alias: \[\n", _with_plain_jsx, done=_PLAIN_JSX)(text)
    return _once(r"plugins: \[\n", rf"\g<0>    {_NO_PRELOADING}\n", done=_NO_PRELOADING)(text)


def _with_connection(text: str) -> str:
    for pattern, by in _CONNECTED.items():
        text = _once(pattern, by, done=by)(text)
    return text


def _at_own_origin(match: re.Match[str]) -> str:
    """An address as an expression that begins with the page's own origin, over `http` or `ws`."""
    origin = "location.origin" if match[2] == "http" else 'location.origin.replace("http","ws")'
    return f'{origin}+"{match[3]}"'


def _with_plain_jsx(match: re.Match[str]) -> str:
    file = f'fileURLToPath(new URL("./{_PLAIN_JSX}", import.meta.url))'
    return f"{match[0]}      {{ find: /^@emotion\\/react$/, replacement: {file} }},\n"


def _once(pattern: str, by: str | Callable[[re.Match[str]], str], *, done: str) -> Callable[[str], str]:
    """A change of a file's text that is made once: Reflex keeps some of its files from build to build."""

    def change(text: str) -> str:
        if done in text:
            return text
        changed, count = re.subn(pattern, by, text)
        if not count:
            raise RuntimeError(f"Reflex's own files have changed: there is no `{pattern}` to change into `{done}`.")
        return changed

    return change
