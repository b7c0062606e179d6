"""Five hundred bad card forms, and events that were forged or came again: none accepted, none an error of ours."""

from __future__ import annotations

from tests.soak import inputs


def test_no_bad_form_and_no_bad_event_is_accepted_or_breaks_anything(static_dir):
    assert inputs.soak(static_dir, forms=500) == []
