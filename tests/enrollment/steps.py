"""What the tests of the enrollment services do and ask, in few words."""

import pytest

from camp.camps.models import Camp
from camp.enrollment import services
from camp.enrollment.models import Enrollment
from camp.enrollment.services import EnrollmentError
from camp.notices.models import Notice
from tests.factories import NOW, make_student


def apply(camp, student=None, **fields):
    return services.apply(camp, student=student or make_student(), **{"at": NOW} | fields)


def seats(camp):
    return Camp.objects.get(pk=camp.pk).seats_taken


def states(*enrollments):
    return [Enrollment.objects.get(pk=enrollment.pk).status for enrollment in enrollments]


def kinds(enrollment):
    return list(Notice.objects.of(enrollment.student).order_by("id").values_list("kind", flat=True))


def refusal(call, *args, **kwargs):
    with pytest.raises(EnrollmentError) as refused:
        call(*args, **kwargs)
    return str(refused.value)
