"""Rows that only give another name of somebody: a column says which name each row has, such as TRUE, ALIAS or MONIKER."""

from __future__ import annotations

from collections.abc import Collection

from rxconnect.services.shapes.statuses import plain_status

_OWN_TEXT = """
    true | primary | legal | real | main | own | current | committed | commitment | booking | booked | given | true name | name
    primary name | legal name | real name | main name | booking name | commitment name | official | inmate | t | p
"""
_OTHER_TEXT = """
    alias | aliases | aka | a k a | also known as | alias name | aka name | moniker | nickname | nick name | nick | street name
    street | maiden | maiden name | former | former name | married name | other | other name | alternate | alternate name | alt
    secondary | false | false name | known as | gang name | birth name | a | m | n
"""
_OWN, _OTHER = (
    frozenset(word.strip() for line in text.strip().splitlines() for word in line.split("|"))
    for text in (_OWN_TEXT, _OTHER_TEXT)
)
# Where no other word marks the own name, since an O may also be for *other*.
_ORIGINAL = frozenset(["o", "original", "original name"])


class NameTypes:
    """What the words of such a column mean. `words` are some of them."""

    def __init__(self, words: Collection[str]):
        known = {plain_status(word) for word in words}
        # Letters alone mean too much, unless a word says that this column is about names.
        self._own = _OWN if not known.isdisjoint(_OWN) else _OWN | _ORIGINAL
        self._says_own = not known.isdisjoint(self._own) and (not known.isdisjoint(_OTHER) or len(known) == 1)
        self._other = _OTHER if self._says_own else frozenset(word for word in _OTHER if len(word) > 1)

    def is_other(self, word: str) -> bool:
        """Whether a row with this word gives another name. Where the person's own name is marked, every other one is."""
        plain = plain_status(word)
        return plain in self._other or (self._says_own and plain not in self._own and bool(plain))
