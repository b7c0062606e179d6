"""Run as a program, by `pictures`: reads an uploaded picture from its input, and writes it as a few JPEGs without metadata.

A picture's pixels are all that goes on: a new picture is made of them, upright and in sRGB, so nothing else of the file can
be in it. The verdict is `{"pictures": [[size, bytes, width, height], …]}`, `{"refused"}` with a `PhotoProblem`, or `{"full"}`
with the system's words when there is no room for what it writes.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Any, BinaryIO

import pi_heif
from PIL import Image, ImageCms, PngImagePlugin, UnidentifiedImageError

from rxconnect.domain.photos import LONGEST, MOST_PIXELS, SHORTEST, PhotoProblem, Size
from rxconnect.services.processes import limits

# Bytes of address space: a picture of 60 million pixels in four channels, twice, and the libraries.
_MEMORY, _WRITTEN = 900 * 1024**2, 64 * 1024**2
_SECONDS = 20
# Pillow would otherwise try each of its forty formats, some of which run programs.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
_QUALITY = {Size.FULL: 84, Size.VIEW: 82, Size.THUMB: 76}
_ORIENTATION = 0x0112
# What makes a picture with this EXIF orientation upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_WHITE = (255, 255, 255)
# No room on the disk, or none left of ours.
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Refused(Exception):
    """The picture is none that we take."""

    def __init__(self, problem: PhotoProblem):
        super().__init__(problem)
        self.problem = problem


def main() -> None:
    """Read the input, write the pictures and tell the verdict. Any fault of the input is a verdict, too."""
    limits.limit(memory=_MEMORY, seconds=_SECONDS, written=_WRITTEN)
    verdict: dict[str, Any] = {"refused": PhotoProblem.DAMAGED}
    try:
        with open(0, "rb", closefd=False) as source, open(1, "wb", closefd=False) as target:
            verdict = {"pictures": _write(pictures(source), target)}
    except Refused as error:
        verdict = {"refused": error.problem}
    except MemoryError:
        verdict = {"refused": PhotoProblem.TOO_HARD}
    except OSError as error:
        verdict = {"full": error.strerror} if error.errno in _FULL else {**verdict, "why": repr(error)}
    except Exception as error:  # decoders of damaged pictures raise everything there is
        verdict["why"] = repr(error)  # for whoever runs this by hand
    limits.tell(verdict)


def pictures(source: BinaryIO) -> list[tuple[Size, Image.Image]]:
    """The picture in its sizes, the largest first. Raises `Refused`, and whatever a decoder of a damaged picture raises."""
    picture = _open(source)
    _check_size(picture)
    # A JPEG is decoded at a half or less where that is still large enough.
    picture.draft("RGB", (Size.FULL.longest_side, Size.FULL.longest_side))
    orientation = _orientation(picture)
    picture = _plain(picture)
    made = []
    for size in (Size.FULL, Size.VIEW, Size.THUMB):
        side = size.longest_side
        picture.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
        made.append((size, _upright(picture, orientation)))
    return made


def as_jpeg(picture: Image.Image, size: Size) -> bytes:
    """A picture as JPEG. Pillow would write a comment that it finds in `info`, so nothing may be there."""
    picture.info = {}
    file = io.BytesIO()
    # A large one that comes into sight line by line is made in half the time, and is seldom looked at.
    picture.save(file, "JPEG", quality=_QUALITY[size], optimize=True, progressive=size is not Size.FULL)
    return file.getvalue()


def _write(made: list[tuple[Size, Image.Image]], target: BinaryIO) -> list[tuple[str, int, int, int]]:
    told = []
    for size, picture in made:
        content = as_jpeg(picture, size)
        target.write(content)
        told.append((size.value, len(content), *picture.size))
    return told


def _open(source: BinaryIO) -> Image.Image:
    """Read the header, and nothing else yet."""
    Image.MAX_IMAGE_PIXELS = None  # `_check_size` has limits of its own, with a sentence for each
    PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY = 1024 * 1024
    pi_heif.register_heif_opener(thumbnails=False)
    try:
        return Image.open(source, formats=FORMATS)
    except UnidentifiedImageError:
        source.seek(0)
        begin = source.read(4096)
        if not begin:
            raise Refused(PhotoProblem.EMPTY) from None
        if b"<svg" in begin.lower():
            raise Refused(PhotoProblem.DRAWING) from None
        raise Refused(PhotoProblem.DAMAGED if _begins_as_picture(begin) else PhotoProblem.NO_PICTURE) from None


def _begins_as_picture(begin: bytes) -> bool:
    """Whether a file that nobody can read claims to be one of ours."""
    is_riff = begin.startswith(b"RIFF") and begin[8:12] == b"WEBP"
    is_heif = begin[4:8] == b"ftyp" and begin[8:11] in (b"hei", b"hev", b"mif", b"msf")
    return is_riff or is_heif or begin.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8"))


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    if min(width, height) < SHORTEST and max(width, height) <= LONGEST:
        raise Refused(PhotoProblem.TOO_SMALL)
    if width * height > MOST_PIXELS:
        raise Refused(PhotoProblem.TOO_MANY_PIXELS)
    if max(width, height) > LONGEST:
        raise Refused(PhotoProblem.TOO_LONG)


def _orientation(picture: Image.Image) -> int:
    """The EXIF orientation, 1 if there is none or it cannot be read. A HEIC is turned while it is decoded."""
    if picture.format == "HEIF":
        return 1
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # broken EXIF must not cost the photo
        return 1


def _plain(picture: Image.Image) -> Image.Image:
    """The decoded first frame in sRGB, on white where it is transparent."""
    profile = picture.info.get("icc_profile")
    picture.load()
    if picture.mode in ("I", "I;16", "I;16L", "I;16B", "F"):
        # Grey of sixteen bits.
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode == "P" or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    if picture.mode in ("RGBA", "LA", "La", "RGBa", "PA"):
        coloured = picture.convert("RGBA")
        white = Image.new("RGB", picture.size, _WHITE)
        white.paste(coloured, mask=coloured.getchannel("A"))
        picture = white
    return _in_srgb(picture, profile)


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in sRGB. A profile that cannot be read, or is for another kind of picture, is left out."""
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    turn = _UPRIGHT.get(orientation)
    return picture.copy() if turn is None else picture.transpose(turn)


if __name__ == "__main__":
    main()
    sys.stderr.flush()
    # A large heap takes long to be freed piece by piece.
    os._exit(0)
