"""Threads for demo sessions: the events of all sessions share two threads of this process, their jobs one, and the checks of
their steps one.

Threads share one interpreter. With a thread for each of 150 people in thirty sessions, one event in twenty of the
installation's own families waited ten times as long as alone (`python -m tests.soak rooms`).
"""

import anyio

FOR_EVENTS = anyio.CapacityLimiter(2)
FOR_JOBS = anyio.CapacityLimiter(1)
# A trainer waits for a step to be ticked off. Behind the jobs of every session, each of which queues about thirty, that took
# up to 16 s on a busy machine.
FOR_STEPS = anyio.CapacityLimiter(1)
