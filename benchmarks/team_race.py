"""A race for the last places of teams over HTTP, and what it left behind. For the tests and for `team_races`.

Students stand in groups. A group has a few teams with a few free places each, and every student of it asks for a place
in every one of them, all groups at once. So who is in no team at the end was refused by every team of the group, and a
group has to give away exactly as many places as it has students or free places, whichever is less.
"""

import http.client
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from camp.accounts.models import User
from camp.camps.models import Camp, Organization
from camp.enrollment.models import Enrollment
from camp.projects.models import ProjectStage, Team, TeamMember
from camp.stages.models import Participation, Stage

TEAMS_OF_A_GROUP, FREE_PLACES = 4, 3
TOKEN = "a" * 32  # Against forged forms: the cookie and the field agree.
PATIENCE = 120  # Seconds.


@dataclass(frozen=True)
class Group:
    students: list
    teams: list

    @property
    def places_to_give(self):
        return min(len(self.students), len(self.teams) * FREE_PLACES)


@dataclass(frozen=True)
class Field:
    project_stage: ProjectStage
    groups: list

    @property
    def requests(self):
        """(cookie, code) of every student for every team of the group, in an order that is the same every time."""
        asked = [(student, team.code) for group in self.groups for student in group.students for team in group.teams]
        cookies = {student: _signed_in(student.student) for student, _code in asked}
        requests = [(cookies[student], code) for student, code in asked]
        random.Random(7).shuffle(requests)  # noqa: S311 - a shuffle, not a secret
        return requests


def make_field(sizes):
    """A camp whose project stage has a group of each of these sizes."""
    project_stage = _project_stage()
    return Field(project_stage, [_group(project_stage, size) for size in sizes])


def sizes_for(requests):
    """Sizes of groups that make so many requests: more students than places, but for one group with fewer."""
    students = requests // TEAMS_OF_A_GROUP
    scarce, rest = divmod(students - 5, 25)
    return [25] * scarce + [5] + ([rest] if rest else [])


def _project_stage():
    now = timezone.now()
    camp = Camp.objects.create(
        organization=Organization.objects.create(slug="races", name="Races"), slug="season", name="Season",
        registration_opens_at=now - timedelta(days=60), registration_closes_at=now - timedelta(days=20),
        starts_at=now - timedelta(days=20), ends_at=now + timedelta(days=60),
    )  # fmt: skip
    times = {"opens_at": camp.starts_at, "closes_at": camp.ends_at}
    stage = Stage.objects.create(camp=camp, key="project", name="Project", kind=Stage.Kind.PROJECT, **times)
    return ProjectStage.objects.create(
        camp=camp, stage=stage, topics_published_at=now, team_size_limit=FREE_PLACES + 1,
        teams_lock_at=now + timedelta(days=5), hand_in_closes_at=now + timedelta(days=30),
    )  # fmt: skip


def _group(project_stage, size):
    people = _students(project_stage, TEAMS_OF_A_GROUP + size)
    leads, students = people[:TEAMS_OF_A_GROUP], people[TEAMS_OF_A_GROUP:]
    limit = project_stage.team_size_limit
    teams = Team.objects.bulk_create(
        Team(project_stage=project_stage, name=f"Team {lead.pk}", lead=lead, size_limit=limit) for lead in leads
    )
    TeamMember.objects.bulk_create(
        TeamMember(team=team, project_stage=project_stage, enrollment=team.lead) for team in teams
    )
    return Group(students, teams)


def _students(project_stage, number):
    taken, now = User.objects.count(), timezone.now()
    handles = [f"racer{taken + n}" for n in range(number)]
    users = User.objects.bulk_create(
        User(handle=handle, handle_key=handle, email=f"{handle}@example.org", display_name=handle, password="!")
        for handle in handles
    )
    active = {"camp": project_stage.camp, "status": Enrollment.Status.ACTIVE, "decided_at": now}
    enrollments = Enrollment.objects.bulk_create(Enrollment(student=user, **active) for user in users)
    Participation.objects.bulk_create(
        Participation(enrollment=one, stage=project_stage.stage, decided_at=now) for one in enrollments
    )
    return enrollments


def _signed_in(user):
    """The cookie of somebody who has signed in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={TOKEN}"


def race(url, field, *, clients):
    """Send all requests over so many connections at once. Returns how often each status was answered."""
    address = reverse("projects:team_join", args=field.project_stage.camp.address)
    requests = field.requests
    shares = [requests[n::clients] for n in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        return sum(pool.map(lambda share: _post_all(url, address, share), shares), Counter())


def _post_all(url, address, share):
    connection, statuses = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE), Counter()
    for cookie, code in share:
        body = urlencode({"code": code, "csrfmiddlewaretoken": TOKEN})
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", address, body, headers)
        response = connection.getresponse()
        response.read()
        statuses[response.status] += 1
    connection.close()
    return statuses


def findings(field):
    """What must not be after a race, in sentences; empty when all is well."""
    return [*_over(field), *_under(field), *_twice(field)]


def _over(field):
    rows = Team.objects.filter(project_stage=field.project_stage).annotate(people=Count("members"))
    wrong = rows.filter(Q(people__gt=F("size_limit")) | ~Q(people=F("size")))
    return [f"{one}: {one.people} people, counted as {one.size} of {one.size_limit}" for one in wrong]


def _under(field):
    for number, group in enumerate(field.groups, start=1):
        joined = TeamMember.objects.filter(team__in=group.teams).exclude(enrollment__led_teams__in=group.teams).count()
        if joined != group.places_to_give:
            yield f"Group {number}: {joined} joined, and {group.places_to_give} places were to be given away"


def _twice(field):
    people = TeamMember.objects.filter(project_stage=field.project_stage).values("enrollment")
    return [
        f"Enrollment {row['enrollment']} is in {row['n']} teams"
        for row in people.annotate(n=Count("pk")).filter(n__gt=1)
    ]
