"""A worker is killed amid uploads: the next try of each completes it, nothing is left over, and credits are right.

`python -m tests.soak photos` does the same with fifty families, over HTTP.
"""

import os
import secrets
import signal
import time
import traceback
from datetime import timedelta

from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.photos import Size
from rxconnect.domain.terms import VERSION
from rxconnect.models import Photo
from rxconnect.services.photos import storage, sweep
from rxconnect.services.screening import submissions
from tests.photographs import add_photo
from tests.worlds import disconnect

# Seconds after which a process that uploads is killed: between and amid uploads, which take about a fifth of one.
_KILLS = (0.05, 0.2, 0.35, 0.6)


def test_killed_uploads_lose_nothing_and_leave_nothing(pair):
    writers = [pair(credits=10) for _ in range(2)]
    uploads = [(writer, draft_id, secrets.token_hex(16)) for writer in writers for draft_id in [writer.draft()] * 3]
    for seconds in _KILLS:
        _kill_after(seconds, lambda: [add_photo(writer.family, draft, key=key) for writer, draft, key in uploads])
    for writer, draft_id, key in uploads:
        add_photo(writer.family, draft_id, key=key)
    for writer, draft_id in {(writer, draft_id) for writer, draft_id, _key in uploads}:
        db.write(submissions.send, writer.family, draft_id, accepted_terms=VERSION)
        assert writer.credits() == (6, 4)
    with clock.at(clock.now() + timedelta(hours=2)):
        sweep.sweep_rows()
        sweep.sweep_files()
    with db.reading() as session:
        photos = session.exec(select(Photo)).all()
    assert len(photos) == 6
    assert all(photo.message_id for photo in photos)
    wanted = {storage.name_of(photo.store, size) for photo in photos for size in Size}
    assert {one.name for one in storage.current().files()} == wanted


def _kill_after(seconds, work):
    """Do the work in another process, and kill that. The two share no connection."""
    disconnect()
    child = os.fork()
    if not child:
        try:
            work()
        except BaseException:  # a child must never go on as a second parent
            traceback.print_exc()
        finally:
            os._exit(0)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not os.waitpid(child, os.WNOHANG)[0]:
        signal.sigtimedwait([signal.SIGCHLD], 0.01)
    try:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    except (ProcessLookupError, ChildProcessError):
        pass
