"""One person who opens the same thing on several devices at once: every reveal is recorded, one opening is kept."""

import pytest

from camp.camps.models import Reveal
from camp.classrooms.models import Opening
from camp.classrooms.services import open_material, open_recording
from tests.classrooms.visits import END, Lesson
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_recording_opened_at_once_is_remembered_once():
    lesson = Lesson()

    outcomes = at_once([lambda: open_recording(lesson.recording, by=lesson.student, at=END)] * 4)

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert (Opening.objects.count(), Reveal.objects.count()) == (1, 4)


def test_material_opened_at_once_is_remembered_once():
    lesson = Lesson()

    outcomes = at_once([lambda: open_material(lesson.slides, by=lesson.student, at=END)] * 4)

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert Opening.objects.count() == 1
