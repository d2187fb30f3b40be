import pytest
from django.utils import translation

from camp.stages import events
from camp.stages.models import RequirementGroup
from tests.factories import make_camp, make_course, make_enrollment, make_requirement, make_stage, make_superuser


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in English, whatever the site's language is."""
    with translation.override("en"):
        yield


@pytest.fixture
def camp():
    """A camp whose professional stage needs full marks in C++ or in Rust."""
    camp = make_camp()
    foundation = make_stage(camp, "foundation")
    camp.cpp = make_course(foundation, max_points=30, name="C++")
    camp.rust = make_course(foundation, max_points=94, name="Rust")
    camp.foundation, camp.professional = foundation, make_stage(camp, "professional")
    camp.homework = RequirementGroup.objects.create(stage=camp.professional, label="Homework", needed=1)
    make_requirement(camp.professional, group=camp.homework, course=camp.cpp)
    make_requirement(camp.professional, group=camp.homework, course=camp.rust)
    return camp


@pytest.fixture
def student(camp):
    return make_enrollment(camp)


@pytest.fixture
def staff():
    return make_superuser()


@pytest.fixture
def heard():
    """What stages announced, in order: (what, key of the stage)."""
    said = []

    def note(signal, participation, **kwargs):
        word = "admitted" if signal is events.participation_admitted else "reverted"
        said.append((word, participation.stage.key))

    signals = (events.participation_admitted, events.participation_reverted)
    for signal in signals:
        signal.connect(note, dispatch_uid="heard")
    yield said
    for signal in signals:
        signal.disconnect(dispatch_uid="heard")
