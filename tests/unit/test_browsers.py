"""Browsers in words."""

import pytest

from rxconnect.domain.browsers import describe_browser

_MOZILLA = "Mozilla/5.0"
_KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (f"{_MOZILLA} (Linux; Android 10; K) {_KIT} Chrome/141.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        (
            f"{_MOZILLA} (Linux; Android 13; SM-S901B) {_KIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        (f"{_MOZILLA} (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0", "Firefox on Android"),
        (
            f"{_MOZILLA} (iPhone; CPU iPhone OS 18_6 like Mac OS X) {_KIT} Version/18.6 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            f"{_MOZILLA} (iPhone; CPU iPhone OS 18_6 like Mac OS X) {_KIT} CriOS/141.0.0.0 Mobile/15E148 Safari/604.1",
            "Chrome on iPhone",
        ),
        (f"{_MOZILLA} (iPad; CPU OS 16_6 like Mac OS X) {_KIT} Version/16.6 Safari/604.1", "Safari on iPad"),
        (f"{_MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) {_KIT} Version/18.6 Safari/605.1.15", "Safari on a Mac"),
        (
            f"{_MOZILLA} (Windows NT 10.0; Win64; x64) {_KIT} Chrome/141.0.0.0 Safari/537.36 Edg/141.0",
            "Edge on Windows",
        ),
        (f"{_MOZILLA} (Windows NT 10.0; Win64; x64) {_KIT} Chrome/140.0 Safari/537.36 OPR/125.0", "Opera on Windows"),
        (f"{_MOZILLA} (X11; CrOS x86_64 14541.0.0) {_KIT} Chrome/141.0.0.0 Safari/537.36", "Chrome on a Chromebook"),
        (f"{_MOZILLA} (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox on Linux"),
        (f"{_MOZILLA} (PlayStation 5/11.00)", "A browser"),
        (f"{_MOZILLA} (Windows NT 10.0) Something/1.0", "A browser on Windows"),
        ("", "A browser"),
        ("Chrome/" * 100_000, "Chrome"),
        ("\0<script>", "A browser"),
    ],
)
def test_a_browser_has_a_name_that_its_owner_recognises(header, name):
    assert describe_browser(header) == name
