"""What we change in the built frontend: one build serves at any address."""

import re
from pathlib import Path
from typing import Any

import reflex as rx

# Reflex bakes the server's address into the bundle, as in `ws://localhost:8000/_event`.
_BAKED_ADDRESS = re.compile(r"([\"'`])(http|ws)s?://[^/\"'`]+:\d+(/[^\"'`]*)\1")


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


def _at_own_origin(match: re.Match[str]) -> str:
    """An address as an expression that begins with the page's own origin, over `http` or `ws`."""
    origin = "location.origin" if match[2] == "http" else 'location.origin.replace("http","ws")'
    return f'{origin}+"{match[3]}"'
