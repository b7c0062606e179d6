"""Pages as the frontend's build writes them, and as a browser reads them."""

from __future__ import annotations

from html.parser import HTMLParser

SCRIPT = "if (a < b) { document.write('<input name=\"email\">') }"


def built_page(title: str, names: list[str]) -> str:
    """A page as the build writes it: minified, attributes in any order, slots empty."""
    types = {"next": "hidden", "token": "hidden", "email": "email", "name": "text", "code": "text"}
    inputs = "".join(
        f'<label for="{name}">{name}</label><input type="{types.get(name, "password")}" required="" id="{name}" '
        f'aria-describedby="{name}-problem" name="{name}"/><p id="{name}-problem" class="problem"></p>'
        for name in names
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/><title>{title}</title><script>{SCRIPT}</script>'
        '<script type="module" async="" src="/assets/x.js"></script></head><body><!--$--><main><h1>Hello</h1>'
        '<p id="form-notice" role="status"></p><p id="form-problem" role="alert"></p>'
        '<p id="code-app-secret"></p><p id="recovery-codes"></p><p id="present-email"></p><p id="help-prices"></p><p id="kiosk-place"></p><p id="kiosk-demo"></p><p id="closed-since"></p>'
        f'<form method="post">{inputs}<button>Go</button></form></main><!--/$--><script>{title}</script></body></html>'
    )


class Reader(HTMLParser):
    """What a browser would make of a page: inputs by name, text by id."""

    def __init__(self, html):
        super().__init__()
        self.inputs, self.texts, self._id, self.tags = {}, {}, "", []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        attributes = dict(attributes)
        if tag == "input":
            self.inputs[attributes["name"]] = attributes
        else:
            self._id = attributes.get("id", "")

    def handle_endtag(self, tag):
        self._id = ""

    def handle_data(self, text):
        if self._id:
            self.texts[self._id] = self.texts.get(self._id, "") + text
