"""The report of `make check` names what it should, and leaves alone what is used."""

from __future__ import annotations

from tests.architecture import leftovers

ONE = '''
def used(a):
    """Says what."""
    b = a + 1
    c = [b]
    d = {c}
    return d

def unused(): ...

@dataclass
class View:
    shown: str
    hidden: str

CONSTANT = 3
'''
OTHER = """
def also(x):
    y = x + 2
    z = [y]
    w = {z}
    return w

print(used, also, View.shown)
"""


def test_what_is_unused_or_stands_twice_is_named():
    texts = {leftovers.SOURCES / "one.py": ONE, leftovers.SOURCES / "other.py": OTHER}
    assert list(leftovers.report(texts)) == [
        "Used by nothing: rxconnect/one.py:9 unused",
        "Read by nothing: rxconnect/one.py:14 View.hidden",
        "Used by nothing: rxconnect/one.py:16 CONSTANT",
        "The same but for names: rxconnect/one.py:2 used, rxconnect/other.py:2 also",
    ]


def test_a_long_file_is_named_with_its_lines():
    texts = {leftovers.SOURCES / "long.py": "print(1)\n" * 251}
    assert list(leftovers.report(texts)) == ["Rather long, perhaps two nouns: rxconnect/long.py 251"]
