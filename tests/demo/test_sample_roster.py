"""The sample of invented people: the real preview reads it, and it changes a little of everything."""

from __future__ import annotations

import pytest

from rxconnect import db
from rxconnect.demo import sample_roster
from rxconnect.demo.administrators import acting
from rxconnect.documents.demos import roster_csv
from rxconnect.domain.errors import NotAllowed
from rxconnect.services.imports import uploads
from tests.demos import join, start

pytestmark = pytest.mark.usefixtures("demos")


def test_the_sample_is_read_previewed_and_imported_in_the_sessions_world():
    trainer = start()
    content = roster_csv(sample_roster.sample(trainer))
    with acting(trainer) as (admin, facility_id):
        upload = uploads.keep_upload(admin, facility_id, "invented-people.csv", [content])
        preview = uploads.preview_upload(admin, upload.id)
        assert preview.suspicious == []
        assert preview.bad == []
        assert preview.counts["new"] == 8
        assert 0 < preview.counts["missing"] < 10
        assert 0 < preview.counts["changed"] < 20
        uploads.import_upload(admin, upload.id)
        (done, *_before) = db.read(uploads.my_imports, admin, facility_id)
    assert done.counts["new"] == 8
    assert len(sample_roster.sample(trainer)) > 500


def test_only_the_trainer_gets_it():
    with pytest.raises(NotAllowed):
        sample_roster.sample(join(start()))
