"""What a person may see and change as staff: the camps and courses of their roles. Superusers may everything."""

from django.db.models import Q, prefetch_related_objects
from django.utils.functional import cached_property

from camp.camps.models import StaffRole
from camp.compiled import Compiled, Given

ORGANIZING = (StaffRole.Role.ORGANIZER,)
TEACHING = (StaffRole.Role.ORGANIZER, StaffRole.Role.TEACHER, StaffRole.Role.ASSISTANT)
MENTORING = (StaffRole.Role.ORGANIZER, StaffRole.Role.MENTOR)
ANY_ROLE = tuple(StaffRole.Role)
SUPERUSERS = ()  # No role is enough.
NOBODY = None  # Not even a superuser: services alone write these rows.


_roles = Compiled(lambda: StaffRole.objects.filter(user=Given(StaffRole.user)).order_by("pk"))


class Scope:
    """The roles of one person, read once for a request."""

    def __init__(self, user):
        self.is_superuser = user.is_active and user.is_superuser
        self.roles = _roles.all(user=user.pk) if user.is_active and not self.is_superuser else []

    @property
    def is_staff(self):
        return self.is_superuser or bool(self.roles)

    def camps(self, roles):
        """Ids of the camps in which the person has one of these roles."""
        return {held.camp_id for held in self.roles if held.role in roles}

    def whole_camps(self, roles):
        """Ids of the camps in which the person has one of these roles without being narrowed to courses."""
        return {held.camp_id for held in self.roles if held.role in roles and not self._is_narrowed(held)}

    def may(self, roles):
        """Whether the person has one of these roles in some camp."""
        return roles is not NOBODY and (self.is_superuser or bool(self.camps(roles)))

    def condition(self, roles, *, camp, course=""):
        """Rows of the camps in which the person has one of these roles.

        With a `course`, those whom courses name as their teacher or assistant are narrowed to these courses.
        """
        if self.is_superuser:
            return Q()
        if not course:
            return Q(**{f"{camp}__in": self.camps(roles)})
        held = [role for role in self.roles if role.role in roles]
        narrowed = {course for role in held if self._is_narrowed(role) for course in self._courses[role.pk]}
        return Q(**{f"{camp}__in": self.whole_camps(roles)}) | Q(**{f"{course}__in": narrowed})

    def _is_narrowed(self, role):
        return role.role != StaffRole.Role.ORGANIZER and bool(self._courses[role.pk])

    @cached_property
    def _courses(self):
        """The ids of the courses that name each role, read when first asked for."""
        prefetch_related_objects(self.roles, "courses")
        return {role.pk: [course.pk for course in role.courses.all()] for role in self.roles}


def scope_of(request):
    if not hasattr(request, "staff_scope"):
        request.staff_scope = Scope(request.user)
    return request.staff_scope
