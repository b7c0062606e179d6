"""Fills values and problems into the HTML of a built page, so that forms work before any script has loaded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from types import MappingProxyType

# Comments, scripts and styles are matched to keep them unchanged: the security policy holds a hash of each script and style.
_PIECE = re.compile(
    r"""<!--.*?-->
      | <(?P<raw>script|style)\b.*?</(?P=raw)\s*>
      | <(?P<tag>[a-z][a-z0-9-]*)(?P<attributes>(?:"[^"]*"|'[^']*'|[^"'>])*)>(?P<closes></)?""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_AUTOFOCUS = ' autofocus=""'
_ATTRIBUTE = re.compile(r"""([^\s=>"'/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")


def fill_page(
    html: str,
    values: Mapping[str, str],
    problems: Mapping[str, str],
    notice: str = "",
    slots: Mapping[str, str] = MappingProxyType({}),
    links: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> str:
    """Fill in the inputs' values and the problems' sentences, and focus the first problem.

    The keys of `values` and `problems` are input names. A problem's slot is the element with the id `NAME-problem`, or
    `form-problem` for the whole form; `notice` goes into `form-notice`, and `slots` are others by id. `links` are by input
    name too: words and address of a link after the problem. A page never gets a password.
    """
    sentences = {f"{name}-problem": escape(sentence) for name, sentence in problems.items()}
    for name, (text, address) in links.items():
        sentences[f"{name}-problem"] += f' <a href="{escape(address)}">{escape(text)}</a>'
    sentences |= {name: escape(sentence) for name, sentence in {"form-notice": notice, **slots}.items()}
    first_problem = min(problems, key=lambda name: html.find(f'id="{name}-problem"'), default=None)
    if first_problem:
        # The first problem takes the focus in the place of the page's own first field.
        html = html.replace(_AUTOFOCUS, "")

    def filled(piece: re.Match[str]) -> str:
        if piece["tag"] is None:
            return piece[0]
        attributes = {name.lower(): _unquote(value) for name, value in _ATTRIBUTE.findall(piece["attributes"])}
        if piece["tag"].lower() == "input":
            name = attributes.get("name", "")
            if attributes.get("type") == "radio":
                return _fill_radio(piece[0], attributes, values)
            added = _extra_attributes(name, attributes, values, problems, is_first=name == first_problem)
            return _input_html(attributes | added) if added else piece[0]
        slot = attributes.get("id", "")
        if piece["tag"].lower() == "textarea" and piece["closes"] and slot in values:
            # Browsers leave out a line break that stands first.
            return f"{piece[0].removesuffix('></')}>\n{escape(values[slot])}</"
        sentence = sentences.get(slot) if piece["closes"] else None
        if not sentence:
            return piece[0]
        # A screen reader reads the focused element; a live region stays silent about its content at load.
        focus = ' tabindex="-1" autofocus=""' if (slot, first_problem) == ("form-problem", "form") else ""
        return f"{piece[0].removesuffix('></')}{focus}>{sentence}</"

    return _PIECE.sub(filled, html)


def _extra_attributes(
    name: str, attributes: Mapping[str, str], values: Mapping[str, str], problems: Mapping[str, str], *, is_first: bool
) -> dict[str, str]:
    """The extra attributes of the input called `name`."""
    added = {}
    if name in values and attributes.get("type") != "password":
        added["value"] = values[name]
    if name in problems:
        # The problem stands in the place of the hint, which says the same.
        added |= {"aria-invalid": "true", "aria-describedby": f"{name}-problem"}
    if is_first:
        added["autofocus"] = ""
    return added


def _fill_radio(piece: str, attributes: dict[str, str], values: Mapping[str, str]) -> str:
    """A radio button, which is chosen when it is the one of its name that was chosen before."""
    name = attributes.get("name", "")
    if name not in values:
        return piece
    rest = {key: value for key, value in attributes.items() if key != "checked"}
    return _input_html(rest | ({"checked": ""} if attributes.get("value") == values[name] else {}))


def _input_html(attributes: Mapping[str, str]) -> str:
    return "<input" + "".join(f' {name}="{escape(value)}"' for name, value in attributes.items()) + "/>"


def _unquote(value: str) -> str:
    return unescape(value[1:-1] if value[:1] in ("'", '"') else value)
