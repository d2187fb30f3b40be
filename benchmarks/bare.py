"""The limits to compare with: what Django can do at most, with plain SQL, no middleware worth the name and no rules.

`upload` does the same insert into the history and the same upsert of the standing, and nothing else: no token, no
lock, no histogram, no promotion. `board` reads the own rank from the histogram and fifty rows by the index, and sends
rows rendered a second ago: no session, no user, no camp, no template.
"""

import json
import time

from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

ATTEMPT = """
    INSERT INTO rankings_attempt (channel, login, login_key, points, stated_course, stated_total, ext, source, outcome,
                                  reason, detail, received_at, course_id, answer, body_hash, claims, commit, jti,
                                  repository_id, results, run_id, status)
    VALUES (%(channel)s, %(name)s, lower(%(name)s), %(score)s, %(courseId)s, %(totalScore)s, %(ext)s, 'claimed',
            'accepted', '', '', now(), %(courseId)s, '{}', '', '{}', '', '', '', '[]', '', 200)
    RETURNING id
    """
STANDING = """
    INSERT INTO rankings_standing (points, reached_at, best_id, course_id, enrollment_id, adjustment, low, reached_hour)
    SELECT %(score)s, now(), %(attempt)s, %(courseId)s, enrollment.id, 0, %(score)s, date_trunc('hour', now())
    FROM accounts_identity AS identity
    JOIN enrollment_enrollment AS enrollment ON enrollment.student_id = identity.user_id
    WHERE identity.channel = %(channel)s AND identity.login_key = lower(%(name)s) AND identity.unlinked_at IS NULL
    ON CONFLICT (enrollment_id, course_id) DO UPDATE
    SET points = EXCLUDED.points, reached_at = EXCLUDED.reached_at, best_id = EXCLUDED.best_id, low = EXCLUDED.low,
        reached_hour = EXCLUDED.reached_hour
    WHERE rankings_standing.points < EXCLUDED.points
    """
OWN = """
    SELECT own.points, 1
        + (SELECT coalesce(sum(people), 0) FROM rankings_scorerange AS higher
           WHERE higher.course_id = own.course_id AND NOT is_frozen AND higher.low > own.low)
        + (SELECT coalesce(sum(people), 0) FROM rankings_scorecount AS ahead
           WHERE ahead.course_id = own.course_id AND NOT is_frozen AND ahead.low = own.low
             AND (ahead.points > own.points OR (ahead.points = own.points AND ahead.hour < own.reached_hour)))
        + (SELECT count(*) FROM rankings_standing AS tied
           WHERE tied.course_id = own.course_id AND tied.below_zero = own.below_zero
             AND tied.reached_at >= own.reached_hour AND tied.reached_at < own.reached_at)
    FROM rankings_standing AS own WHERE own.course_id = %s AND own.enrollment_id = %s
    """
ROWS = """
    SELECT student.display_name, best.login, standing.points, standing.reached_at
    FROM rankings_standing AS standing
    JOIN enrollment_enrollment AS enrollment ON enrollment.id = standing.enrollment_id
    JOIN accounts_user AS student ON student.id = enrollment.student_id
    JOIN rankings_attempt AS best ON best.id = standing.best_id
    WHERE standing.course_id = %s
    ORDER BY standing.below_zero, standing.reached_at, standing.id LIMIT 50
    """
ROW = """
      <tr>
        <td class="rank" data-label="Rank">{}</td>
        <th scope="row" class="name" data-label="Name">{}</th>
        <td data-label="Login">{} <span class="quiet">GitHub</span></td>
        <td class="number" data-label="Points">{} <span class="quiet">/ 30</span></td>
        <td data-label="Reached"><time datetime="{}">{}</time></td>
        <td data-label="State"><span class="badge">claimed</span> <span class="badge good">promoted</span></td>
      </tr>
"""
PAGE = "<!doctype html><html><head><title>Board</title></head><body><p>{} points, rank {}</p><table>{}</table></body>"
A_SECOND = 1
rendered = {}


@csrf_exempt
def upload(request):
    values = json.loads(request.body)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ATTEMPT, values)
        cursor.execute(STANDING, values | {"attempt": cursor.fetchone()[0]})
    return HttpResponse('{"result":1,"msg":""}', content_type="application/json")


def board(request):
    course, enrollment = request.GET["course"], request.GET["enrollment"]
    with connection.cursor() as cursor:
        cursor.execute(OWN, [course, enrollment])
        points, rank = cursor.fetchone()
        cursor.execute(ROWS, [course])
        rows = cursor.fetchall()
    return HttpResponse(PAGE.format(points, rank, _rendered(course, rows)))


def _rendered(course, rows):
    made_at, html = rendered.get(course, (0, ""))
    if time.monotonic() - made_at > A_SECOND:
        html = "".join(ROW.format(rank, *row, row[-1]) for rank, row in enumerate(rows, start=1))
        rendered[course] = time.monotonic(), html
    return html


urlpatterns = [path("upload", upload), path("board", board)]
