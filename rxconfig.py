"""How Reflex builds the frontend and serves the app."""

import sys
from pathlib import Path

import reflex as rx

sys.path.insert(0, str(Path(__file__).parent))

from rxconnect.config import settings
from rxconnect.frontend import (
    EarlySocket,
    HonestConnection,
    LateDoors,
    LeanFrontend,
    OfflineFrontend,
    OwnScripts,
    PortableFrontend,
    PreactFrontend,
    SpokenFrontend,
)

config = rx.Config(
    app_name="rxconnect",
    # State is a cache and the database is the truth: nothing of a session is worth a file on disk.
    state_manager_mode="redis" if settings().redis_url else "memory",
    redis_url=settings().redis_url or None,
    # Seconds that state outlives its last use, in memory too. That of an open page is kept: `state/lifetimes.py`.
    redis_token_expiration=600,
    # The default would accept a socket from any website, with our visitor's cookie.
    cors_allowed_origins=settings().origins,
    # In this order: the first is what a browser that takes both is served.
    frontend_compression_formats=["brotli", "gzip"],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    plugins=[
        OwnScripts(),
        PortableFrontend(),
        LeanFrontend(),
        HonestConnection(),
        PreactFrontend(),
        # It adds scripts, and the service worker's cache has a name made of all of them.
        LateDoors(),
        EarlySocket(),
        OfflineFrontend(),
        SpokenFrontend(),
    ],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
