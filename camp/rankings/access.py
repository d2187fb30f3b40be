"""Which course an address names, and who reads its board as staff: who has a role in the camp, or in these courses."""

from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.http import Http404

from camp.camps.models import Camp, Organization
from camp.camps.staff import ANY_ROLE, Scope
from camp.camps.views import camp_or_404
from camp.compiled import Compiled, Given
from camp.stages.models import Course

GREATEST = 2**31 - 1  # Of the numbers that the database can compare.


def course_or_404(organization, slug, number, *, user):
    """The course of an address with its camp, as far as this reader may see it."""
    course = _at.first(organization=organization, slug=slug, number=min(number, GREATEST))
    if course is None:
        raise Http404
    if not course.camp.is_published:
        camp_or_404(organization, slug, user=user)
    return course


def _of_address():
    """Addresses are read in any case, by the indexes that keep them apart."""
    organization = Exact(Lower("camp__organization__slug"), Lower(Given(Organization.slug, "organization")))
    camp = Exact(Lower("camp__slug"), Lower(Given(Camp.slug)))
    courses = Course.objects.for_page().filter(organization, camp, number=Given(Course.number))
    return courses.order_by()


_at = Compiled(_of_address)


def reads_as_staff(user, course, *, roles=ANY_ROLE, scope=None):
    """Whether the user sees hidden names, and the live board while it is frozen. Costs two or three queries.

    `scope`: the user's, where the request has read it already.
    """
    scope = scope or Scope(user)
    if not scope.is_staff:
        return False
    condition = scope.condition(roles, camp="camp", course="pk")
    return Course.objects.filter(condition, pk=course.pk).exists()
