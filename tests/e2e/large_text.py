"""What is wrong with a page in text twice as large on the narrowest phone, and what a finger or a screen reader would miss.

The walks of `test_accessibility.py` and `test_languages.py` ask this of every page, where they stand anyway.
"""

from __future__ import annotations

from playwright.sync_api import Page

NARROWEST, PHONE = {"width": 320, "height": 800}, {"width": 390, "height": 844}


def problems_of_large_text(page: Page) -> list[str]:
    """What stands outside the page, and which words are broken inside, at 320 px with text of 200 %."""
    before = page.viewport_size
    page.set_viewport_size(NARROWEST)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    try:
        found = page.evaluate(_OUTSIDE) + page.evaluate(_BROKEN_WORDS)
    finally:
        page.evaluate("document.documentElement.style.fontSize = ''")
        if before:
            page.set_viewport_size(before)
    return [f"{problem}, in text of 200 % at 320 px" for problem in found]


def problems_of_structure(page: Page) -> list[str]:
    """Headings out of order, and live regions that would be read twice or not at all."""
    return page.evaluate(_HEADINGS) + page.evaluate(_LIVE_REGIONS)


def small_targets(page: Page) -> list[str]:
    """What is too small for a finger on the page as it stands. Links within a sentence may be (WCAG 2.5.8)."""
    return page.evaluate(_SMALL_TARGETS)


def shorten_pseudo_words(page: Page) -> None:
    """Make the words of the pseudo-language as long as in English again: text of 200 % is enough. A second time changes nothing."""
    page.evaluate(_SHORTEN)


_SHORTEN = r"""
() => {
  const short = (window.shortTexts ??= new WeakMap());
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.parentElement.closest("script, style") || short.get(text) === text.data) continue;
    text.data = text.data.replace(/\p{L}+/gu, (word) => word.slice(0, word.length / 1.4));
    short.set(text, text.data);
  }
}
"""

# What scrolls within its box, or is for ears only, may be outside.
_OUTSIDE = """
() => {
  const width = document.documentElement.clientWidth;
  const isHeld = (one) => {
    for (let around = one.parentElement; around && around !== document.body; around = around.parentElement)
      if (getComputedStyle(around).overflowX !== "visible") return true;
    return false;
  };
  const found = [...document.body.querySelectorAll("*")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && (box.right > width + 1 || box.left < -1) && one.checkVisibility({ visibilityProperty: true })
      && !one.closest(".sr, .skip, svg, dialog, .strip") && !isHeld(one);
  });
  return found.filter((one) => !found.includes(one.parentElement)).map((one) => {
    const box = one.getBoundingClientRect();
    return `${one.tagName} .${one.className} "${one.textContent.trim().slice(0, 40)}" stands outside, from ${Math.round(box.left)} to ${Math.round(box.right)} px`;
  });
}
"""

# An address, a number, a key, a pattern or a file's name is no word.
_BROKEN_WORDS = r"""
() => {
  const found = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const text = texts.currentNode, around = text.parentElement;
    if (!text.data.trim() || around.closest(".sr, script, style, .key-text, .recovery-codes, .rule-what, .ava, .strip") || !around.checkVisibility({ visibilityProperty: true })) continue;
    range.selectNodeContents(text);
    if (range.getClientRects().length < 2) continue;
    for (const token of text.data.matchAll(/\S+/g)) {
      if (/[@\/\d_]|\w\.\w/.test(token[0])) continue;
      for (const word of token[0].matchAll(/\p{L}{2,}/gu)) {
        range.setStart(text, token.index + word.index);
        range.setEnd(text, token.index + word.index + word[0].length);
        const lines = [...range.getClientRects()].filter((box) => box.width > 0);
        if (lines.some((box) => Math.abs(box.top - lines[0].top) > 4)) found.add(`"${word[0]}" is broken inside (${around.tagName} .${around.className})`);
      }
    }
  }
  return [...found];
}
"""

# What counts is where a tap lands: a label belongs to its box.
_SMALL_TARGETS = r"""
() => {
  const length = (one) => one.textContent.replace(/[\s·]/g, "").length;
  const isInSentence = (one) => {
    if (one.tagName !== "A" || getComputedStyle(one).display !== "inline") return false;
    let block = one.parentElement;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    return length(block) > [...block.querySelectorAll("a")].reduce((sum, link) => sum + length(link), 0);
  };
  return [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea")]
    .filter((one) => one.getClientRects().length && getComputedStyle(one).visibility === "visible" && !isInSentence(one))
    .map((one) => [one, (one.closest("label") ?? one).getBoundingClientRect()])
    .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
    .map(([one, box]) => `${one.tagName} "${one.innerText || one.name || one.ariaLabel}" is ${Math.round(box.width)} × ${Math.round(box.height)} px`);
}
"""

_HEADINGS = """
() => {
  const all = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((one) => one.checkVisibility() && !one.closest("dialog, .strip"));
  const first = all.filter((one) => one.tagName === "H1");
  const found = first.length === 1 ? [] : [`there are ${first.length} headings of level 1`];
  if (all.length && all[0].tagName !== "H1") found.push(`"${all[0].textContent}" stands before the heading of level 1`);
  return found;
}
"""

_LIVE_REGIONS = """
() => {
  const regions = "[role=status], [role=alert], [aria-live]:not([aria-live=off])";
  const found = [...document.querySelectorAll(`:is(${regions}) :is(${regions})`)].map((one) => `"${one.textContent.slice(0, 40)}" is a live region within another`);
  if (!document.querySelector(regions)) found.push("nothing would announce a change");
  return found;
}
"""
