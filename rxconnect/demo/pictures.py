"""The photos in Rosa's letters. They are drawn here, so that nobody real is in them."""

from __future__ import annotations

import io
import math
import secrets
import tempfile
from collections.abc import Callable

from PIL import Image, ImageDraw

from rxconnect.domain.accounts import Actor
from rxconnect.services.photos import draft_photos, uploads

_WIDTH, _HEIGHT = 1200, 900
Draw = ImageDraw.ImageDraw
Colour = tuple[int, int, int]
_WHITE, _INK, _GOLD, _LEAF, _ROSE = (252, 249, 242), (52, 58, 66), (222, 170, 62), (92, 132, 84), (206, 106, 118)


def add_to_draft(session, writer: Actor, draft_id: int, photos: tuple[tuple[str, str], ...]) -> None:
    """Add pictures to a draft, given as (name, caption), as its writer would from a phone."""
    for name, caption in photos:
        content = _as_file(_DRAWN[name])
        with tempfile.TemporaryFile() as file:
            file.write(content)
            file.flush()
            photo = uploads.upload(writer, draft_id, secrets.token_hex(16), file, size=len(content))
        draft_photos.add_caption(session, writer, photo.id, caption)


def _as_file(draw: Callable[[Draw], None]) -> bytes:
    # Drawn at twice the size, so that edges are smooth.
    picture = Image.new("RGB", (2 * _WIDTH, 2 * _HEIGHT))
    draw(ImageDraw.Draw(picture))
    file = io.BytesIO()
    picture.resize((_WIDTH, _HEIGHT), Image.Resampling.LANCZOS).save(file, "JPEG", quality=90)
    return file.getvalue()


def _box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    return 2 * left, 2 * top, 2 * right, 2 * bottom


def _wall(draw: Draw, above: Colour, below: Colour, horizon: int) -> None:
    """A wall that grows lighter towards the floor, and the floor or the table."""
    for line in range(2 * horizon):
        light = line / (2 * horizon) * 26
        draw.line((0, line, 2 * _WIDTH, line), fill=tuple(min(255, round(part + light)) for part in above))
    draw.rectangle(_box(0, horizon, _WIDTH, _HEIGHT), fill=below)


def _flower(draw: Draw, x: float, y: float, size: float, colour: Colour) -> None:
    for petal in range(5):
        angle = petal * 2 * math.pi / 5 - math.pi / 2
        px, py = x + math.cos(angle) * size, y + math.sin(angle) * size
        draw.ellipse(_box(px - size * 0.75, py - size * 0.75, px + size * 0.75, py + size * 0.75), fill=colour)
    draw.ellipse(_box(x - size * 0.5, y - size * 0.5, x + size * 0.5, y + size * 0.5), fill=_GOLD)


def _cake(draw: Draw) -> None:
    """A wedding cake of four floors, on a table with a cloth."""
    _wall(draw, (196, 206, 204), (226, 214, 198), 690)
    draw.ellipse(_box(330, 716, 870, 776), fill=(190, 176, 158))
    tops = ((600, 250, 90), (600, 372, 140), (600, 500, 195), (600, 632, 250))
    for x, y, half in reversed(tops):
        draw.rounded_rectangle(_box(x - half, y, x + half, y + 118), 26, fill=_WHITE)
        draw.rectangle(_box(x - half, y + 96, x + half, y + 112), fill=(236, 224, 208))
        for place in range(-half + 22, half, 44):
            draw.ellipse(_box(x + place - 16, y - 14, x + place + 16, y + 18), fill=(243, 233, 219))
    for x, y, colour in ((520, 362, _ROSE), (690, 492, (236, 178, 150)), (430, 626, _ROSE), (768, 628, _ROSE)):
        _flower(draw, x, y, 20, colour)
    for x in (572, 600, 628):
        _flower(draw, x, 236 - (12 if x == 600 else 0), 17, (236, 178, 150) if x == 600 else _ROSE)
    for x, y in ((480, 380), (652, 516), (470, 644), (728, 646)):
        draw.ellipse(_box(x - 22, y - 8, x + 22, y + 8), fill=_LEAF)


def _certificate(draw: Draw) -> None:
    """A certificate with a gold star, on a kitchen wall beside a plant."""
    _wall(draw, (216, 196, 168), (146, 112, 84), 760)
    draw.rectangle(_box(286, 136, 914, 616), fill=(112, 82, 60))
    draw.rectangle(_box(312, 162, 888, 590), fill=_WHITE)
    draw.rectangle(_box(336, 186, 864, 566), outline=_GOLD, width=6)
    for line, half in ((262, 150), (318, 190), (362, 190), (406, 120)):
        draw.rounded_rectangle(
            _box(600 - half, line, 600 + half, line + (20 if line == 262 else 10)), 8, fill=(188, 184, 176)
        )
    points = []
    for corner in range(10):
        radius, angle = (58 if corner % 2 == 0 else 25), corner * math.pi / 5 - math.pi / 2
        points.append((2 * (600 + radius * math.cos(angle)), 2 * (494 + radius * math.sin(angle))))
    draw.polygon(points, fill=_GOLD)
    draw.rounded_rectangle(_box(986, 640, 1106, 780), 14, fill=(184, 98, 72))
    for angle in range(-60, 61, 24):
        x, y = 1046 + 120 * math.sin(math.radians(angle)), 640 - 130 * math.cos(math.radians(angle))
        draw.line((2 * 1046, 2 * 650, 2 * x, 2 * y), fill=_LEAF, width=10)
        draw.ellipse(_box(x - 30, y - 18, x + 30, y + 18), fill=_LEAF)


def _dress(draw: Draw) -> None:
    """A green dress on a hanger, before a window with hills."""
    _wall(draw, (226, 214, 190), (170, 136, 104), 780)
    draw.rectangle(_box(120, 110, 620, 610), fill=_WHITE)
    draw.rectangle(_box(146, 136, 594, 584), fill=(182, 210, 224))
    draw.ellipse(_box(470, 170, 550, 250), fill=(250, 222, 150))
    for peak, top, colour in ((250, 410, (140, 168, 140)), (500, 452, (112, 146, 116))):
        hill = [(x, 584 - (584 - top) * math.cos((x - peak) / 330) ** 2) for x in range(146, 595, 4)]
        draw.polygon([(2 * x, 2 * y) for x, y in ((146, 584), *hill, (594, 584))], fill=colour)
    draw.rectangle(_box(120, 584, 620, 610), fill=_WHITE)
    draw.rectangle(_box(358, 136, 380, 584), fill=_WHITE)
    draw.line((*_box(860, 150, 860, 200),), fill=_INK, width=10)
    draw.arc(_box(842, 120, 878, 158), 150, 60, fill=_INK, width=10)
    draw.line((2 * 770, 2 * 250, 2 * 860, 2 * 196, 2 * 950, 2 * 250), fill=_INK, width=12, joint="curve")
    green, dark = (74, 138, 92), (58, 112, 74)
    draw.polygon(
        [(2 * x, 2 * y) for x, y in ((784, 246), (936, 246), (926, 420), (1040, 740), (680, 740), (794, 420))],
        fill=green,
    )
    draw.pieslice(_box(812, 200, 908, 296), 0, 180, fill=(226, 214, 190))
    draw.rectangle(_box(794, 408, 926, 432), fill=_GOLD)
    for x, end in ((820, 760), (860, 860), (900, 960)):
        draw.line((2 * x, 2 * 440, 2 * end, 2 * 736), fill=dark, width=6)


_DRAWN: dict[str, Callable[[Draw], None]] = {"cake": _cake, "certificate": _certificate, "dress": _dress}
