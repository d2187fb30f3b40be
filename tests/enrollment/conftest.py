import pytest
from django.utils import translation

from camp.enrollment import events


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in English, whatever the site's language is."""
    with translation.override("en"):
        yield


@pytest.fixture
def heard():
    """What enrollment announced, in order."""
    said = []

    def note(signal, enrollment, **kwargs):
        said.append(("activated" if signal is events.enrollment_activated else "ended", enrollment.pk))

    for signal in (events.enrollment_activated, events.enrollment_ended):
        signal.connect(note, dispatch_uid="heard")
    yield said
    for signal in (events.enrollment_activated, events.enrollment_ended):
        signal.disconnect(dispatch_uid="heard")
