"""Makes the HTML of an email from its text: paragraphs, and links to our own site alone.

It loads nothing: no image, no font, no script, and nothing that would tell us who reads it. Mail programs that drop `<style>`
show it as plain paragraphs. `color-scheme` lets them show it dark.
"""

from __future__ import annotations

import re
from html import escape
from typing import NamedTuple

from rxconnect.config import settings
from rxconnect.i18n import _, html_language

_ADDRESS = re.compile(r"https?://\S+")
_STYLE = """
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; background: #f8f5ef; color: #1d2529; }
body { font: 17px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main, footer { display: block; max-width: 580px; margin: 0 auto; padding: 0 24px; }
main { padding-top: 28px; padding-bottom: 12px; }
.brand { margin: 0 0 20px; font-weight: 700; color: #0d5c63; }
p { margin: 0 0 18px; overflow-wrap: break-word; }
a { color: #0d5c63; }
.go a { display: inline-block; padding: 12px 22px; border-radius: 12px; font-weight: 600; text-decoration: none; }
.go a { background: #0d5c63; color: #ffffff; }
footer { padding-bottom: 28px; font-size: 14px; color: #4c575d; }
footer p { margin: 0; padding-top: 14px; border-top: 1px solid #e4ddd0; }
@media (prefers-color-scheme: dark) {
  body { background: #12171a; color: #eeebe4; }
  .brand, a { color: #7cc9cc; }
  .go a { background: #7cc9cc; color: #07282b; }
  footer { color: #b7c0c3; }
  footer p { border-color: #2b353a; }
}
"""
_PAGE = """<!DOCTYPE html>
<html {language}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>{subject}</title><style>{style}</style></head>
<body><main><p class="brand">RxConnect</p>
{paragraphs}
</main>{footer}</body></html>
"""


class Link(NamedTuple):
    """A link below the email."""

    label: str
    address: str


def page(subject: str, body: str, footer: list[Link]) -> str:
    """The HTML of an email with this plain text, and with links below it."""
    paragraphs = [part for part in re.split(r"\n\s*\n", body) if part.strip()]
    links = "<br>".join(_link(link.address, link.label) for link in footer)
    return _PAGE.format(
        language=html_language(),
        subject=escape(subject),
        style=_STYLE,
        paragraphs="\n".join(map(_paragraph, paragraphs)),
        footer=f"<footer><p>{links}</p></footer>" if links else "",
    )


def _paragraph(text: str) -> str:
    """A paragraph. An address alone becomes a button, and one in the last line the link of the lines above it."""
    *lines, last = text.strip().splitlines()
    if not _is_ours(last):
        return f"<p>{'<br>'.join(map(_line, [*lines, last]))}</p>"
    if not lines:
        label = _("Open RxConnect")
        return f'<p class="go">{_link(last, label)}</p>'
    return f"<p>{_link(last, ' '.join(lines))}</p>"


def _line(text: str) -> str:
    """A line whose addresses of ours are links."""
    made, end = [], 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(".,;:!?)")
        made.append(escape(text[end : found.start()]))
        made.append(_link(address, address) if _is_ours(address) else escape(address))
        end = found.start() + len(address)
    return "".join([*made, escape(text[end:])])


def _is_ours(text: str) -> bool:
    return re.fullmatch(rf"{re.escape(settings().origin)}(/\S*)?", text) is not None


def _link(address: str, label: str) -> str:
    return f'<a href="{escape(address)}">{escape(label)}</a>'
