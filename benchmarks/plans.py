"""How PostgreSQL finds what the hot paths ask: the index of every statement, and whatever reads a whole large table."""

import re

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

STEP = re.compile(r"(?:step\d+|rows) \([\w, ]+\) AS \(")
INNERMOST = re.compile(r"\([^()]*\)")
LARGE = 1000  # Rows; a smaller table is read whole, and should be.


def explained(requests):
    """[(request, [(statement, how)])] of requests that are sent through Camp in this process."""
    return [(name, [_explained(sql) for sql in _statements(send)]) for name, send in requests]


def upload_requests(world, repeated, improved):
    """Two uploads of a student: each a (login, points)."""
    return [
        (name, lambda upload=upload: _upload(world, *upload))
        for name, upload in (("upload that does not improve", repeated), ("upload that improves", improved))
    ]


def _upload(world, login, points):
    body = {"channel": "github", "courseId": world.course.upload_id, "name": login, "score": points, "totalScore": 30}
    return _client().post(
        "/web/api/courseRank/createByThirdToken", body, content_type="application/json", headers={"token": world.token}
    )


def board_requests(course, student, *, pages):
    client = _client()
    client.force_login(student, backend=settings.AUTHENTICATION_BACKENDS[0])
    target = f"{course.get_absolute_url()}?tab=rank"
    first, last = f"{target}&page=1", f"{target}&page={pages}"
    return [
        ("first page of the board", lambda: client.get(first)),
        ("last page of the board", lambda: client.get(last)),
    ]


def _client():
    return Client(SERVER_NAME="127.0.0.1")


def _statements(send):
    with CaptureQueriesContext(connection) as queries:
        response = send()
    assert response.status_code == 200, response.content
    sql = [query["sql"] for query in queries]
    return [statement for statement in sql if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH"))]


def _explained(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0][0]["Plan"]
    found = sorted({_how(node) for node in _nodes(plan) if node["Node Type"] != "ModifyTable" and _reads(node)})
    return _shortened(sql), ", ".join(found)


def _nodes(plan):
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _reads(node):
    return "Relation Name" in node or "Index Name" in node


def _how(node):
    if node["Node Type"] == "Seq Scan":
        return f"WHOLE TABLE {node['Relation Name']}" if _is_large(node) else f"{node['Relation Name']} (small)"
    return node.get("Index Name") or node["Relation Name"]


def _is_large(node):
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [f'"{node["Relation Name"]}"'])
        return cursor.fetchone()[0] > LARGE


def _shortened(sql):
    """The verb and the table of each step, as a rule of one. See camp.compiled.Together."""
    steps = STEP.split(sql.replace('"', ""))
    return ", ".join(_verb_and_table(step) for step in steps if step != "WITH ")


def _verb_and_table(step):
    """The table stands outside of all parentheses."""
    outside, found = step, 1
    while found:
        outside, found = INNERMOST.subn("", outside)
    words = outside.split()
    before = {"INSERT": "INTO", "UPDATE": "UPDATE"}.get(words[0], "FROM")
    return f"{words[0].lower()} {words[words.index(before) + 1]}"
