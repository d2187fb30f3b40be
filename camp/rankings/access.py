"""Who reads a board as staff: everybody with a role in the camp, those narrowed to courses in theirs."""

from camp.camps.staff import ANY_ROLE, Scope
from camp.stages.models import Course


def reads_as_staff(user, course, *, roles=ANY_ROLE, scope=None):
    """Whether the user sees hidden names, and the live board while it is frozen. Costs two or three queries.

    `scope`: the user's, where the request has read it already.
    """
    if not user.is_authenticated:
        return False
    condition = (scope or Scope(user)).condition(roles, camp="camp", course="pk")
    return Course.objects.filter(condition, pk=course.pk).exists()
