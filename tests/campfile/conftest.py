import pytest
from django.utils import translation

from camp import campfile
from camp.campfile.mistakes import path_text
from camp.camps.models import Camp
from tests.campfile.sample import SMALL


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in English, whatever the site's language is."""
    with translation.override("en"):
        yield


@pytest.fixture
def load():
    """Loads a text and returns the report's lines by outcome."""

    def load(text):
        report = campfile.load(text, source_name="camp.toml")
        return {name: [str(entry) for entry in report.of(name)] for name in ("created", "changed", "removed")}

    return load


@pytest.fixture
def camp(db):
    """The sample camp, loaded."""
    campfile.load(SMALL, source_name="camp.toml")
    return Camp.objects.get()


@pytest.fixture
def refusal():
    """The refusal of a text: (line, path, sentence) of each mistake."""

    def refusal(text):
        with pytest.raises(campfile.CampFileError) as caught:
            campfile.load(text, source_name="camp.toml")
        source = caught.value.source
        return [(source.line_of(one.path), path_text(one.path), one.sentence) for one in caught.value.mistakes]

    return refusal
