"""What we change in the built frontend: one build serves at any address, and leaves out what no page of ours uses."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import reflex as rx

# Reflex bakes the server's address into the bundle, as in `ws://localhost:8000/_event`.
_BAKED_ADDRESS = re.compile(r"([\"'`])(http|ws)s?://[^/\"'`]+:\d+(/[^\"'`]*)\1")
# An element of a compiled page that is styled in Python, which Emotion would make a stylesheet of in the browser.
_STYLED = re.compile(r"[{,]\s*css:\(")
_PLAIN_JSX = "utils/plain-jsx.js"
# What Reflex keeps for components that are made while the app runs: all of its own code, and all of Emotion's.
_NOTHING = "window.__reflex = {};"


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


class LeanFrontend(rx.plugins.Plugin):
    """Leaves out 10 KB of 135 that every family would pay for (`docs/decisions/0027-a-lean-frontend.md`)."""

    def get_static_assets(self, **_context: Any) -> list[tuple[Path, str | bytes]]:
        """What the pages make their elements with, in place of Emotion."""
        return [(Path(_PLAIN_JSX), 'export { createElement as jsx } from "react";\n')]

    def pre_compile(self, **context: Any) -> None:
        """Change three of the files that Reflex makes; fails the build when one is not as we know it."""
        modify = context["add_modify_task"]
        modify("vite.config.js", _once(r"alias: \[\n", _with_plain_jsx, done=_PLAIN_JSX))
        modify("app/root.jsx", _once(r"window\.__reflex = \{[^}]+\};", _NOTHING, done=_NOTHING))
        # Beside a direct `eval` no name in the whole file may be shortened.
        modify("utils/state.js", _once(r"(?<![.\w])eval\(", "globalThis.eval(", done="globalThis.eval("))

    def post_build(self, *, static_dir: Path, **_context: Any) -> None:
        """Refuse a page that needs Emotion after all."""
        made = [
            page for folder in ("app", "app_components") for page in (static_dir.parents[1] / folder).rglob("*.jsx")
        ]
        styled = [page.name for page in made if _STYLED.search(page.read_text())]
        if styled or not made:
            raise RuntimeError(f"Style with a class of the stylesheet instead: {', '.join(styled) or 'no page found'}.")


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
