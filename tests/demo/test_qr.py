"""The path of a QR code draws exactly the dark modules, with the quiet zone that cameras need around them."""

import re

import segno

from rxconnect.demo import qr

LINK = "https://messages.example.org/demo/join?code=CEDAR-417"


def test_the_path_draws_every_dark_module_and_no_other():
    path, size = qr.svg_path(LINK)
    drawn = {
        (int(x) + step, int(y))
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path)
        for step in range(int(length))
    }
    rows = list(segno.make_qr(LINK).matrix_iter(border=4))
    assert drawn == {(x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark}
    assert size == len(rows)


def test_a_quiet_zone_of_four_modules_is_around_it():
    path, size = qr.svg_path(LINK)
    places = [(int(x), int(y), int(x) + int(length)) for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)", path)]
    assert min(x for x, _, _ in places) == min(y for _, y, _ in places) == 4
    assert max(end for _, _, end in places) == size - 4
