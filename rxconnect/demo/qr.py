"""QR codes as an SVG path, which takes the page's colours and needs no image file."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import segno

# The quiet zone around a code, in modules. https://www.iso.org/standard/83389.html
_BORDER = 4


def svg_path(text: str) -> tuple[str, int]:
    """The `d` attribute of the path that draws the text's QR code, and the code's width in modules."""
    rows = list(segno.make_qr(text).matrix_iter(border=_BORDER))
    return "".join(_row_path(y, modules) for y, modules in enumerate(rows)), len(rows)


def _row_path(y: int, modules: Iterable[int]) -> str:
    """The path of the dark modules of one row."""
    drawn, x = "", 0
    for is_dark, stretch in groupby(modules):
        length = len(list(stretch))
        drawn += f"M{x} {y}h{length}v1h-{length}z" if is_dark else ""
        x += length
    return drawn
