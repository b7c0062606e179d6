"""Two hundred files that a family's upload may be: bombs, polyglots, wrong kinds, broken ones, and pictures with a place in them.

Each is made by code, as (name, content). `SECRET` stands in the metadata of those that have any.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from random import Random

from PIL import Image, ImageCms, PngImagePlugin

from tests.clamd import EICAR
from tests.photographs import HEIC, encoded, picture

SECRET = b"Quillfeather Lane 7"
_FORMS = ("JPEG", "PNG", "WEBP", "GIF")
_MAGIC = {
    "JPEG": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "PNG": b"\x89PNG\r\n\x1a\n",
    "WEBP": b"RIFF\xff\xff\x00\x00WEBPVP8 ",
    "GIF": b"GIF89a",
    "HEIC": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
}


def every() -> Iterator[tuple[str, bytes]]:
    """All of them."""
    for make in (_wrong_kinds, _broken, _bombs, _polyglots, _metadata, _modes, _frames):
        yield from make()


def _wrong_kinds() -> Iterator[tuple[str, bytes]]:
    for form in (
        "BMP",
        "TIFF",
        "ICO",
        "PCX",
        "PPM",
        "TGA",
        "JPEG2000",
        "EPS",
        "PDF",
        "SGI",
        "IM",
        "MSP",
        "SPIDER",
        "DDS",
    ):
        mode = {"MSP": "1", "SPIDER": "F"}.get(form, "RGB")
        yield f"a {form}", encoded(form, picture(mode=mode))
    svg = "<svg xmlns='http://www.w3.org/2000/svg' width='64' height='64'>{}</svg>"
    for number, inside in enumerate(
        ("", "<script>alert(1)</script>", "<image href='file:///etc/passwd'/>", "<g/>" * 10_000)
    ):
        yield f"an SVG, {number}", svg.format(inside).encode()
    yield (
        "an SVG after a declaration",
        b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x 'x'>]>" + svg.format("&x;").encode(),
    )
    yield "an SVG, packed", zlib.compress(svg.encode())
    yield from {
        "nothing": b"",
        "one byte": b"\xff",
        "a text": b"Dear Marcus, here is the picture.",
        "a web page": b"<html><body><img src=x onerror=alert(1)></body></html>",
        "a program": b"\x7fELF\x02\x01\x01" + bytes(200),
        "a program of Windows": b"MZ" + bytes(200),
        "a script": b"#!/bin/sh\nrm -rf /\n",
        "a film": b"\x00\x00\x00\x20ftypisom" + bytes(400),
        "an AVIF": b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1" + bytes(400),
        "zeros": bytes(100_000),
        "EICAR": EICAR,
        "PostScript that reads a file": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n",
        "ImageMagick's language": b"push graphic-context\nimage over 0,0 0,0 'https://127.0.0.1/'\n",
        "an FITS": b"SIMPLE  =                    T" + bytes(2880),
        "JSON": b'{"image": "data:image/png;base64,"}',
    }.items()


def _broken() -> Iterator[tuple[str, bytes]]:
    whole = {form: encoded(form, picture(640, 480)) for form in _FORMS} | {"HEIC": HEIC}
    for form, content in whole.items():
        for part in (0.01, 0.1, 0.3, 0.5, 0.8, 0.99):
            yield f"{form}, cut off at {part:.0%}", content[: max(12, int(len(content) * part))]
        for seed in range(8):
            random, flipped = Random(seed), bytearray(content)
            for _ in range(1 + seed * 6):
                flipped[random.randrange(len(flipped))] = random.randrange(256)
            yield f"{form}, with wrong bytes {seed}", bytes(flipped)
    for form, magic in _MAGIC.items():
        for seed in range(6):
            yield f"{form}, random after its beginning {seed}", magic + Random(seed).randbytes(3_000 * (seed + 1))


def _bombs() -> Iterator[tuple[str, bytes]]:
    for width, height in (
        (1, 10**9),
        (10**9, 1),
        (50_000, 50_000),
        (2**31 - 1, 2**31 - 1),
        (0, 0),
        (0, 9),
        (30_000, 17),
        (15, 15),
    ):
        yield f"a PNG of {width} × {height}", _png(width, height, b"")
    yield "a PNG of 100 million pixels that is there", _png(10_000, 10_000, bytes(10_000 * 1251), depth=1)
    yield "a PNG of 59 million pixels that is there", _png(7_700, 7_700, bytes(7_700 * 963), depth=1)
    yield "a PNG of 59 million pixels in 16 bits and four channels", _png(7_700, 7_700, bytes(10**6), depth=16, kind=6)
    for chunk in (b"zTXt", b"iCCP", b"iTXt"):
        inside = b"x\0\0" + (b"\0\0" if chunk == b"iTXt" else b"") + zlib.compress(bytes(200 * 1024**2), 9)
        yield (
            f"a PNG whose {chunk.decode()} unpacks to 200 MB",
            _png(64, 48, bytes(48 * 193), kind=2, extra=_chunk(chunk, inside)),
        )
    yield (
        "a PNG of a thousand texts",
        _png(64, 48, bytes(48 * 193), kind=2, extra=_chunk(b"tEXt", b"a\0" + b"b" * 900) * 5_000),
    )
    for width, height in ((65_535, 65_535), (65_535, 1), (1, 65_535), (20_001, 2_999)):
        yield f"a JPEG of {width} × {height}", _resized_jpeg(width, height)
        yield (
            f"a GIF of {width} × {height}",
            _MAGIC["GIF"] + struct.pack("<HH", width, height) + b"\x80\0\0" + bytes(6) + b";",
        )
    yield "a WebP of 8,000 × 8,000", encoded("WEBP", Image.new("RGB", (8_000, 8_000)), quality=1, method=0)
    yield "a GIF of 3,000 frames", encoded("GIF", picture(40, 30), save_all=True, append_images=_many(3_000))
    slow = io.BytesIO()
    picture(900, 700).save(slow, "JPEG", progressive=True)
    content = slow.getvalue()
    scan = content[content.index(b"\xff\xda") : -2]
    yield "a JPEG of four thousand passes", content[:-2] + scan[: min(len(scan), 4000)] * 4_000 + content[-2:]


def _polyglots() -> Iterator[tuple[str, bytes]]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("index.html", "<script>alert(1)</script>")
    tails = {
        "an archive": archive.getvalue(),
        "a web page": b"<html><script>alert(1)</script></html>",
        "a program": b"<?php system($_GET['x']); ?>",
        "EICAR": EICAR,
        "an address": SECRET,
        "a picture": encoded(),
    }
    for form in _FORMS:
        for what, tail in tails.items():
            yield f"a {form} and {what}", encoded(form) + tail
    yield "a GIF that is a script", b"GIF89a/*" + encoded("GIF")[8:] + b"*/=1;alert(1)"
    yield "a web page before a JPEG", b"<html><!--" + encoded() + b"--></html>"
    yield "a PDF with a JPEG", b"%PDF-1.4\n1 0 obj << /Filter /DCTDecode >> stream\n" + encoded() + b"\nendstream"
    yield "a JPEG whose comment is a script", encoded(comment=b"*/alert(1)/*" + SECRET)


def _metadata() -> Iterator[tuple[str, bytes]]:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><place>" + SECRET + b"</place></x:xmpmeta>"
    for orientation in range(10):
        for form in ("JPEG", "PNG", "WEBP"):
            yield (
                f"a {form} with a place, orientation {orientation}",
                encoded(form, picture(320, 240), exif=_exif(orientation)),
            )
    yield "a HEIC with a place", HEIC
    yield (
        "a HEIC that claims a gigapixel",
        HEIC.replace(b"ispe" + bytes(4) + b"\0\0\0@\0\0\0@", b"ispe" + bytes(4) + b"\0\1\0\0" * 2),
    )
    yield "a JPEG with XMP, a profile and a comment", encoded(xmp=xmp, icc_profile=profile, comment=SECRET)
    yield "a WebP with XMP", encoded("WEBP", xmp=xmp, icc_profile=profile)
    yield "a JPEG with a profile that is none", encoded(icc_profile=SECRET * 50)
    yield "a JPEG with EXIF that is none", encoded(exif=b"Exif\0\0" + SECRET * 20)
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Location", SECRET.decode())
    texts.add_itxt("XML:com.adobe.xmp", xmp.decode(), zip=True)
    yield "a PNG with texts", encoded("PNG", pnginfo=texts)
    yield "a GIF with a comment", encoded("GIF", comment=SECRET)
    iptc = b"\xff\xed" + struct.pack(">H", 2 + 14 + len(SECRET)) + b"Photoshop 3.0\0" + SECRET
    yield "a JPEG with IPTC", encoded()[:2] + iptc + encoded()[2:]


def _modes() -> Iterator[tuple[str, bytes]]:
    yield "a JPEG in CMYK", encoded(drawn=picture(mode="CMYK"))
    yield "a JPEG in grey", encoded(drawn=picture(mode="L"))
    for mode in ("1", "L", "LA", "P", "RGBA"):
        yield f"a PNG in {mode}", encoded("PNG", picture(mode=mode))
    yield "a PNG in 16 bits and grey", _png(64, 48, bytes(48 * 129), depth=16, kind=0)
    yield "a PNG in 16 bits and three channels", _png(64, 48, bytes(48 * 385), depth=16, kind=2)
    yield "a PNG in palette with transparency", encoded("PNG", picture(mode="P"), transparency=0)
    yield "a WebP without loss", encoded("WEBP", picture(mode="RGBA"), lossless=True)
    yield "a JPEG in 12 MB", encoded(drawn=Image.effect_noise((3_000, 3_000), 90).convert("RGB"), quality=95)


def _frames() -> Iterator[tuple[str, bytes]]:
    for form in ("GIF", "PNG", "WEBP"):
        yield (
            f"a moving {form}",
            encoded(form, picture(80, 60), save_all=True, append_images=_many(5, (80, 60)), duration=100),
        )


def _many(count: int, size: tuple[int, int] = (40, 30)) -> list[Image.Image]:
    return [Image.new("RGB", size, (number % 256, number % 7 * 30, 90)) for number in range(count)]


def _exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x9C9C] = orientation, SECRET.decode(), SECRET
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (46.0, 3.0, 52.0), "W", (118.0, 20.0, 34.0)
    return exif


def _resized_jpeg(width: int, height: int) -> bytes:
    """A JPEG whose header claims another size."""
    content = bytearray(encoded())
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(content)


def _png(width: int, height: int, rows: bytes, *, depth: int = 8, kind: int = 0, extra: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    return b"".join(
        (
            _MAGIC["PNG"],
            _chunk(b"IHDR", header),
            extra,
            _chunk(b"IDAT", zlib.compress(rows, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(name: bytes, inside: bytes) -> bytes:
    return struct.pack(">I", len(inside)) + name + inside + struct.pack(">I", zlib.crc32(name + inside))
