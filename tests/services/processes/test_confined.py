"""Programs that read what strangers have sent: they make nobody else wait."""

from __future__ import annotations

import os
import tempfile

from rxconnect.services.processes import confined


def test_a_program_lets_everybody_else_go_first():
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as scratch:
        ended = confined.run("tests.services.processes.polite", source=source, scratch=scratch, seconds=20)
    assert ended.verdict == {"nice": max(10, os.nice(0))}


def test_a_program_that_takes_too_long_is_ended():
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as scratch:
        ended = confined.run("tests.services.processes.polite", source=source, scratch=scratch, seconds=0)
    assert (ended.verdict, ended.is_out_of_time) == (None, True)
