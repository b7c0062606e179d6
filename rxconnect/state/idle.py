"""How long a sign-in still lasts when nobody uses it. The faces of staff and of the kiosk each have a State with this."""

from datetime import timedelta

import reflex as rx


class Idle(rx.State, mixin=True):
    """The seconds until the sign-in ends unless it is used, -1 until they are known. No two answers are the same.

    The browser warns `warn` seconds before.
    """

    left: float = -1
    warn: int = 0

    def _tell(self, left: timedelta, *, warn: int, idle: float) -> None:
        """Tell the browser. A third of a very short limit, in seconds, is enough for the warning."""
        self.left = max(0.0, left.total_seconds())
        self.warn = min(warn, int(idle / 3))
