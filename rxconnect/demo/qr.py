"""QR codes, as the path of an SVG: it takes the page's own colours, and needs no file and no image."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import segno

# The quiet zone around a code, in modules. https://www.iso.org/standard/83389.html
_BORDER = 4


def path_of(text: str) -> tuple[str, int]:
    """The `d` of the path that draws the dark modules of the text's QR code, and how many modules wide it is."""
    rows = list(segno.make_qr(text).matrix_iter(border=_BORDER))
    return "".join(_row(y, modules) for y, modules in enumerate(rows)), len(rows)


def _row(y: int, modules: Iterable[int]) -> str:
    """The dark stretches of one row."""
    drawn, x = "", 0
    for is_dark, stretch in groupby(modules):
        length = len(list(stretch))
        drawn += f"M{x} {y}h{length}v1h-{length}z" if is_dark else ""
        x += length
    return drawn
