"""Whether this machine can print, for tests of PDFs; and a look into what was printed."""

from __future__ import annotations

import re
import sys
import zlib

import cffi
import pytest

from rxconnect.documents import paper
from tests.needed import needed

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


@pytest.fixture(scope="session")
def printer() -> None:
    """Skips a test where Pango is missing, which only somebody's own machine may lack."""
    with needed(paper.CannotPrint, " ".join(paper.PANGO)):
        paper.pdf(paper.document("Test"))


def take_pango_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let WeasyPrint be imported anew, and find none of the system's libraries."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)

    def missing(_ffi: cffi.FFI, name: str, *_flags: int) -> None:
        raise OSError(f"cannot load library '{name}'")

    monkeypatch.setattr(cffi.FFI, "dlopen", missing)


def inside(pdf: bytes) -> bytes:
    """Everything in a PDF, the compressed streams unpacked."""
    assert pdf.startswith(b"%PDF-1.7")
    return pdf + b"\n".join(_unpacked(stream) for stream in _STREAM.findall(pdf))


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream
