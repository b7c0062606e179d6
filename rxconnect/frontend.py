"""Build plugins: they make one build work at any address, and remove the code that our pages do not use."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import reflex as rx

from rxconnect.i18n import _, catalogs, html_language

# Reflex bakes the server's address into the bundle, as in `ws://localhost:8000/_event`.
_BAKED_ADDRESS = re.compile(r"([\"'`])(http|ws)s?://[^/\"'`]+:\d+(/[^\"'`]*)\1")
# An element that is styled in Python. Emotion would turn this into a stylesheet in the browser.
_STYLED = re.compile(r"[{,]\s*css:\(")
_PLAIN_JSX = "utils/plain-jsx.js"
_LEAN, _PREACT = "utils/lean_build.js", "utils/preact_build.js"
# Scripts of ours that most pages need become one file: each request costs a phone's line more than their bytes.
_TOGETHER = '{ name: "ours", test: /\\/utils\\/[a-z_]+\\.js$/, minShareCount: 20 },'
# Replaces Reflex's support for components that are compiled in the browser: all of its own code, and all of Emotion's.
_NOTHING = "window.__reflex = {};"
_STYLESHEET = re.compile(r"__reflex_global_styles-[\w-]+\.css")
# What only a page before sign-in has (`layout/door.py`); the script that starts a page, and the modules fetched for it.
_DOOR = '<div class="door">'
_START = re.compile(r'(<script type="module" async="">)(.*?)(</script>)', re.DOTALL)
_PRELOADED = re.compile(r'<link rel="modulepreload" href="([^"]+)"/>')
_STYLED_BY = re.compile(r'<link href="(/assets/[^"]+\.css)" rel="stylesheet" type="text/css"/>')
_STYLE_PRELOADED = re.compile(r'<link as="style" href="[^"]+" rel="preload"/>')
_START_LATE = """
const add = (rel, href) => document.head.append(Object.assign(document.createElement("link"), { rel, href }));
const start = () => {
  %s.forEach((href) => add("modulepreload", href));
  add("prefetch", "%s");
  import("%s");
};
addEventListener("load", () => (window.requestIdleCallback ?? setTimeout)(start));
"""
_CHARSET = '<meta charSet="utf-8"/>'
# The address is the one that the page's scripts will ask for (`_CONNECTED`). What the server says is kept for them
# (`components/early_socket.js`). They do not answer it before they are here, so the server closes what nobody takes over.
_EARLY = """<script>
(() => {
  const tab = sessionStorage.getItem("token") ?? crypto.randomUUID?.();
  if (!tab || document.visibilityState === "hidden") return;
  const language = document.documentElement.lang, watches = frameElement?.dataset.seat ?? "";
  const query = new URLSearchParams({ token: tab, language, watches, EIO: 4, transport: "websocket" });
  const socket = new WebSocket(`${location.origin.replace("http", "ws")}/_event/?${query}`, "%s");
  const heard = [];
  socket.onmessage = ({ data }) => heard.push(data);
  window.early = { tab, socket, heard };
  addEventListener("pagehide", () => window.early?.socket.close());
})();
</script>"""
_SENTENCES, _SPOKEN = "utils/sentences.json", "utils/spoken.js"
# The calls to `connection.js`, by the code in the framework's `utils/state.js` that they replace.
_CONNECTED = {
    r"import \{ mergician": 'import { mayQueue, send, watch } from "$/utils/connection.js";\nimport { mergician',
    r"import reflexEnvironment": 'import { earlyTab } from "$/utils/early_socket.js";\nimport reflexEnvironment',
    r"unsavedToken \?\?= generateUUID\(\)": "unsavedToken ??= earlyTab() ?? generateUUID()",
    # Otherwise a server that accepts connections but never responds keeps a browser waiting for 20 s each time.
    r"reconnection: false,": "reconnection: false, timeout: 4000,",
    # The language of a page's socket is that of the page (`api/languages.py`).
    # A frame of the split view says which seat it shows (`split.js`).
    r"query: \{ token \},": (
        'query: { token, language: document.documentElement.lang, watches: frameElement?.dataset.seat ?? "" },'
    ),
    r"query = \{ token: getToken\(\) \};": "query = { ...socket.current.io.opts.query, token: getToken() };",
    r'socket\.emit\("event", encodeFormDataArgs\(routed_event\)\)': (
        "send(socket, routed_event, encodeFormDataArgs(routed_event))"
    ),
    r'document\.addEventListener\("visibilitychange", checkVisibility\);': (
        'watch(socket.current); document.addEventListener("visibilitychange", checkVisibility);'
    ),
    r"\(\) => queueEvents\((?=_events, socket)": ("() => mayQueue(_events, args) && queueEvents("),
}


class OwnScripts(rx.plugins.Plugin):
    """Copies our components' scripts next to the framework's own, so that a component can import `$/utils/field.js`.

    With `rx.asset` the framework would search for each of them at every start of a worker, which takes 0.1 s.
    """

    def get_static_assets(self, **_context: Any) -> list[tuple[Path, str | bytes]]:
        """Every script in `components/`."""
        scripts = (Path(__file__).parent / "components").glob("*.js")
        return [(Path("utils", script.name), script.read_text(encoding="utf-8")) for script in sorted(scripts)]


class PortableFrontend(rx.plugins.Plugin):
    """Makes the browser connect to the server that it loaded the page from, instead of one fixed at build time."""

    def post_build(self, *, static_dir: Path, **_context: Any) -> None:
        """Rewrite the baked addresses. Fails the build when there are none, so that a change in Reflex is noticed."""
        rewritten = 0
        for script in (static_dir / "assets").glob("reflex-env-*.js"):
            text, count = _BAKED_ADDRESS.subn(_at_own_origin, script.read_text())
            script.write_text(text)
            rewritten += count
        if not rewritten:
            raise RuntimeError("The built frontend holds no address to rewrite: has Reflex moved it?")


class SpokenFrontend(rx.plugins.Plugin):
    """Translates the sentences of our scripts, `_("Try again")`, at build time. No script looks them up at run time."""

    def get_static_assets(self, **_context: Any) -> list[tuple[Path, str | bytes]]:
        """A file with every sentence of the scripts and its translation."""
        words = json.dumps({sentence: _(sentence) for sentence in catalogs.extract_scripts()})
        return [(Path(_SENTENCES), words)]

    def pre_compile(self, **context: Any) -> None:
        """Add our Vite plugin (`components/spoken.js`)."""
        _add_vite_plugin(context["add_modify_task"], "spoken", _SPOKEN)

    def post_build(self, *, static_dir: Path, **_context: Any) -> None:
        """Translate the sentences in the static files."""
        for file in (static_dir / "offline.html", static_dir / "app.json"):
            text = file.read_text(encoding="utf-8")
            file.write_text(catalogs.STATIC.sub(lambda place: _(place[1]), text), encoding="utf-8")


class LateDoors(rx.plugins.Plugin):
    """Makes the pages before sign-in usable with one answer: their styles are in it, and their scripts come when the browser is idle.

    Their forms work without any script, so nobody has to wait for 80 KB before typing.
    """

    def post_build(self, *, static_dir: Path, **_context: Any) -> None:
        """Change the pages. Fails the build when there is nothing to change, so that a change in React Router is noticed."""
        doors = [page for page in static_dir.rglob("*.html") if _DOOR in page.read_text(encoding="utf-8")]
        for page in doors:
            page.write_text(_started_late(page.read_text(encoding="utf-8"), static_dir), encoding="utf-8")
        if not doors:
            raise RuntimeError("There is no page with a form before sign-in.")


class EarlySocket(rx.plugins.Plugin):
    """Opens the socket of a page in its head, while its scripts are fetched: a phone waits for both at once."""

    def post_build(self, *, static_dir: Path, **_context: Any) -> None:
        """Change the pages. Fails the build when there is nothing to change, so that a change in Reflex is noticed."""
        made = json.loads((static_dir.parents[1] / "reflex.json").read_text(encoding="utf-8"))
        changed = 0
        for page in static_dir.rglob("*.html"):
            html = page.read_text(encoding="utf-8")
            if _START.search(html) and _DOOR not in html:
                page.write_text(html.replace(_CHARSET, _CHARSET + _EARLY % made["version"], 1), encoding="utf-8")
                changed += _CHARSET in html
        if not changed:
            raise RuntimeError("No page has a head that we know.")


class OfflineFrontend(rx.plugins.Plugin):
    """Tells the service worker (`assets/worker.js`) which build it belongs to, and the page offline its stylesheet."""

    def post_build(self, *, static_dir: Path, **_context: Any) -> None:
        """Fill in both. Fails the build when there is nothing to fill in, so that a change in Reflex is noticed."""
        names = sorted(file.name for file in (static_dir / "assets").iterdir())
        (stylesheet,) = [f"/assets/{name}" for name in names if _STYLESHEET.fullmatch(name)]
        facts = {
            "{{stylesheet}}": stylesheet,
            "{{language}}": html_language(),
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
    """Removes 10 of the 135 KB that every family would download (`docs/decisions/0027-a-lean-frontend.md`)."""

    def get_static_assets(self, **_context: Any) -> list[tuple[Path, str | bytes]]:
        """The script that creates the pages' elements, in place of Emotion's."""
        return [(Path(_PLAIN_JSX), 'export { createElement as jsx } from "react";\n')]

    def pre_compile(self, **context: Any) -> None:
        """Change three of the files that Reflex generates. Fails the build when one is not as expected."""
        modify = context["add_modify_task"]
        modify("vite.config.js", _change_once(r"alias: \[\n", _with_plain_jsx, done=_PLAIN_JSX))
        modify("vite.config.js", _change_once(r'name: "reflex-env",\n\s*\},\n', _with_shared_chunk, done=_TOGETHER))
        _add_vite_plugin(modify, "lean", _LEAN)
        modify("app/root.jsx", _change_once(r"window\.__reflex = \{[^}]+\};", _NOTHING, done=_NOTHING))
        # A minifier cannot shorten any name in a file with a direct `eval`.
        modify("utils/state.js", _change_once(r"(?<![.\w])eval\(", "globalThis.eval(", done="globalThis.eval("))

    def post_build(self, *, static_dir: Path, **_context: Any) -> None:
        """Refuse a page that needs Emotion after all."""
        made = [
            page for folder in ("app", "app_components") for page in (static_dir.parents[1] / folder).rglob("*.jsx")
        ]
        styled = [page.name for page in made if _STYLED.search(page.read_text())]
        if styled or not made:
            raise RuntimeError(f"Style with a class of the stylesheet instead: {', '.join(styled) or 'no page found'}.")


class PreactFrontend(rx.plugins.Plugin):
    """Puts Preact into React's place in the browser: 53 KB less (`docs/decisions/0078-preact-in-reacts-place.md`)."""

    def get_frontend_dependencies(self, **_context: Any) -> list[str]:
        """Preact itself. Its exact version is in `reflex.lock`."""
        return ["preact@^11.2.0"]

    def pre_compile(self, **context: Any) -> None:
        """Add our Vite plugin (`components/preact_build.js`)."""
        _add_vite_plugin(context["add_modify_task"], "preact", _PREACT)


class HonestConnection(rx.plugins.Plugin):
    """Makes the framework call `components/connection.js` to queue or send events (`docs/decisions/0041-*`)."""

    def pre_compile(self, **context: Any) -> None:
        """Change the framework's connection code. Fails the build when it is not as expected."""
        context["add_modify_task"]("utils/state.js", _with_connection)


def _add_vite_plugin(modify: Callable[[str, Callable[[str], str]], None], name: str, script: str) -> None:
    """Add the Vite plugin `name` of our `script`. Fails the build when Vite's configuration is unexpected."""
    line = f"    {name}(),\n"
    modify("vite.config.js", _change_once(r"plugins: \[\n", rf"\g<0>{line}", done=line))
    modify("vite.config.js", _change_once(r"\A", f'import {{ {name} }} from "./{script}";\n', done=script))


def _with_connection(text: str) -> str:
    for pattern, by in _CONNECTED.items():
        text = _change_once(pattern, by, done=by)(text)
    return text


def _started_late(html: str, static_dir: Path) -> str:
    """A page with its styles inside, whose modules are fetched and started late. What started them becomes a file of its own."""
    modules, start, styled = _PRELOADED.findall(html), _START.search(html), _STYLED_BY.search(html)
    if not modules or not start or not styled:
        raise RuntimeError("React Router starts or styles its pages otherwise than we know.")
    name = f"assets/start-{hashlib.sha256(start[2].encode()).hexdigest()[:8]}.js"
    (static_dir / name).write_text(start[2], encoding="utf-8")
    late = _START_LATE % (json.dumps(modules), styled[1], f"/{name}")
    styles = (static_dir / styled[1].removeprefix("/")).read_text(encoding="utf-8")
    html = html.replace(start[0], start[1] + late + start[3]).replace(styled[0], f"<style>{styles}</style>")
    return _STYLE_PRELOADED.sub("", _PRELOADED.sub("", html))


def _at_own_origin(match: re.Match[str]) -> str:
    """An address as an expression that begins with the page's own origin, over `http` or `ws`."""
    origin = "location.origin" if match[2] == "http" else 'location.origin.replace("http","ws")'
    return f'{origin}+"{match[3]}"'


def _with_plain_jsx(match: re.Match[str]) -> str:
    file = f'fileURLToPath(new URL("./{_PLAIN_JSX}", import.meta.url))'
    return f"{match[0]}      {{ find: /^@emotion\\/react$/, replacement: {file} }},\n"


def _with_shared_chunk(match: re.Match[str]) -> str:
    return f"{match[0]}            {_TOGETHER}\n"


def _change_once(pattern: str, by: str | Callable[[re.Match[str]], str], *, done: str) -> Callable[[str], str]:
    """A change of a file's text that is made only once, because Reflex keeps some files from build to build."""

    def change(text: str) -> str:
        if done in text:
            return text
        changed, count = re.subn(pattern, by, text)
        if not count:
            raise RuntimeError(f"Reflex's own files have changed: there is no `{pattern}` to change into `{done}`.")
        return changed

    return change
