"""One camp with N students on its boards, made inside PostgreSQL: a million rows travel nowhere.

Everything is as the services would have left it: an enrollment, a linked login, one accepted attempt for each course,
its standing, progress, participations and the counts of the boards. `tests/test_benchmarks.py` lets `rebuild_standings`
confirm that.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from camp.camps.models import Camp, Organization
from camp.rankings import services
from camp.rankings.histogram import width_for
from camp.rankings.models import Board
from camp.stages.models import Course, Requirement, RequirementGroup, Stage

DAYS_OF_SCORES = 14
SHARE_OF_FULL_MARKS = 0.25
ROOTS = "accounts_user, camps_organization, rankings_attempt, django_session"


@dataclass(frozen=True)
class World:
    """What the load generator has to know. `token` is for uploads to `course`; `other` is written by the bare view."""

    people: int
    camp: Camp
    course: Course
    other: Course
    token: str


def load(people):
    """Replace whatever is in the database by a camp with so many students. Returns what there is."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {ROOTS} RESTART IDENTITY CASCADE")
    world = _camp(people)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(UNCHECKED)
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SELECT setseed(0.4)")
        for statement in STUDENTS:
            cursor.execute(statement, {"people": people, "camp": world.camp.pk})
        cursor.execute("ANALYZE")  # Or the joins are planned for empty tables.
        for course in (world.course, world.other):
            _scores(cursor, course, people)
        cursor.execute(PROMOTED)
    return world


def settle():
    """Let the database know its new sizes, as it would by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _camp(people):
    """Two open stages, the second with two courses, and a third for whoever has full marks in one of them."""
    now = timezone.now()
    camp = Camp.objects.create(
        organization=Organization.objects.create(slug="lab", name="Lab"), slug="season", name="Season",
        registration_opens_at=now - timedelta(days=60), registration_closes_at=now - timedelta(days=20),
        starts_at=now - timedelta(days=20), ends_at=now + timedelta(days=60), seats_taken=people,
    )  # fmt: skip
    kinds = (Stage.Kind.ORIENTATION, Stage.Kind.FOUNDATION, Stage.Kind.PROFESSIONAL)
    times = {"opens_at": camp.starts_at, "closes_at": camp.ends_at}
    stages = [
        Stage.objects.create(camp=camp, key=kind, name=kind.title(), kind=kind, position=n, **times)
        for n, kind in enumerate(kinds)
    ]
    course, other = (_course(stages[1], number, most) for number, most in ((1, 30), (2, 600)))
    homework = RequirementGroup.objects.create(stage=stages[2], label="Homework")
    for each in (course, other):
        Requirement.objects.create(group=homework, course=each)
    _row, token = services.issue_token(course, by=None)
    return World(people, camp, course, other, token)


def _course(stage, number, most):
    course = Course.objects.create(
        camp=stage.camp, stage=stage, number=number, name=f"Course {number}", max_points=most, upload_id=1698 + number
    )
    Board.objects.create(course=course, range_width=width_for(most))
    return course


def _scores(cursor, course, people):
    start = timezone.now() - timedelta(days=DAYS_OF_SCORES + 1)
    values = {
        "course": course.pk, "most": course.max_points, "people": people, "start": start,
        "seconds": DAYS_OF_SCORES * 24 * 60 * 60, "full": SHARE_OF_FULL_MARKS, "width": width_for(course.max_points),
    }  # fmt: skip
    cursor.execute(ATTEMPTS, values)
    cursor.execute("ANALYZE rankings_attempt")
    for statement in SCORES:
        cursor.execute(statement, values)


# Foreign keys of what is made here hold; a superuser need not have each of them looked up.
UNCHECKED = """
    SELECT set_config('session_replication_role', 'replica', true)
    FROM pg_user WHERE usename = current_user AND usesuper
    """
STUDENTS = (
    """
    INSERT INTO accounts_user (password, is_superuser, handle, handle_key, email, display_name, occupation, affiliation,
                               major, city, language, time_zone, is_active, date_joined)
    SELECT '!', false, 'student' || n, 'student' || n, 'student' || n || '@example.org', 'Student ' || n, 'studying',
           'Harbour University', '', 'Harbour', '', '', true, now() - interval '40 days'
    FROM generate_series(1, %(people)s) n
    """,
    """
    INSERT INTO accounts_identity (channel, login, login_key, uid, proof, linked_at, first_scored_at, user_id)
    SELECT 'github', 'octo' || id, 'octo' || id, '', '', now() - interval '30 days', now() - interval '14 days', id
    FROM accounts_user ORDER BY id
    """,
    """
    INSERT INTO enrollment_enrollment (status, heard_from, answers, applied_at, decided_at, reason, camp_id, student_id)
    SELECT 'active', '', '{}', now() - interval '30 days', now() - interval '30 days', '', %(camp)s, id
    FROM accounts_user ORDER BY id
    """,
    """
    INSERT INTO stages_participation (status, decided_at, reason, enrollment_id, stage_id)
    SELECT 'admitted', enrollment_enrollment.applied_at, '', enrollment_enrollment.id, stages_stage.id
    FROM enrollment_enrollment, stages_stage WHERE kind IN ('orientation', 'foundation')
    """,
)

# One attempt for each student, in the order in which they came; a quarter have full marks, the others anything below.
ATTEMPTS = """
    INSERT INTO rankings_attempt (channel, login, login_key, points, stated_course, stated_total, ext, source, outcome,
                                  reason, detail, received_at, course_id, answer, body_hash, claims, commit, jti,
                                  repository_id, results, run_id, status)
    SELECT 'github', login, login_key, points, '', %(most)s::numeric(12,0)::text, 'aaa', 'claimed', 'accepted',
           '', '', reached_at, %(course)s, '{}', '', '{}', '', '', '', '[]', '', 200
    FROM (
        SELECT login, login_key, %(start)s + random() * %(seconds)s * interval '1 second' AS reached_at,
               CASE WHEN random() < %(full)s THEN %(most)s ELSE floor(random() * %(most)s) END AS points
        FROM accounts_identity
    ) AS scores
    ORDER BY reached_at
    """
SCORES = (
    """
    INSERT INTO rankings_standing (points, reached_at, best_id, course_id, enrollment_id, adjustment, low, reached_hour)
    SELECT points, received_at, attempt.id, attempt.course_id, enrollment.id, 0,
           floor(points / %(width)s) * %(width)s, date_trunc('hour', received_at, 'UTC')
    FROM rankings_attempt AS attempt
    JOIN accounts_identity AS identity USING (channel, login_key)
    JOIN enrollment_enrollment AS enrollment ON enrollment.student_id = identity.user_id
    WHERE attempt.course_id = %(course)s
    ORDER BY attempt.id
    """,
    """
    INSERT INTO stages_courseprogress (points, meetings, updated_at, course_id, enrollment_id)
    SELECT points, 0, reached_at, course_id, enrollment_id FROM rankings_standing
    WHERE course_id = %(course)s ORDER BY id
    """,
    """
    INSERT INTO rankings_scorerange (course_id, is_frozen, low, people)
    SELECT course_id, false, low, count(*) FROM rankings_standing WHERE course_id = %(course)s GROUP BY course_id, low
    """,
    """
    INSERT INTO rankings_scorecount (course_id, is_frozen, low, points, hour, people)
    SELECT course_id, false, low, points, reached_hour, count(*) FROM rankings_standing
    WHERE course_id = %(course)s GROUP BY course_id, low, points, reached_hour
    """,
)

PROMOTED = """
    INSERT INTO stages_participation (status, decided_at, reason, enrollment_id, stage_id)
    SELECT 'admitted', min(standing.reached_at), '', standing.enrollment_id, stage.id
    FROM rankings_standing AS standing
    JOIN stages_course AS course ON course.id = standing.course_id AND standing.points = course.max_points
    JOIN stages_stage AS stage ON stage.kind = 'professional'
    GROUP BY standing.enrollment_id, stage.id
    """

COUNTS_THAT_DIFFER = """
    SELECT count(*) FROM (
        SELECT low, points, reached_hour AS hour, count(*) AS people
        FROM rankings_standing WHERE course_id = %s GROUP BY low, points, reached_hour
    ) AS counted
    FULL JOIN (
        SELECT * FROM rankings_scorecount WHERE course_id = %s AND NOT is_frozen AND people > 0
    ) AS kept USING (low, points, hour)
    WHERE counted.people IS DISTINCT FROM kept.people
    """
