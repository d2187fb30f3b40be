"""An example of every answer and body that the description shows: invented people of the reference camp."""

from django.utils.translation import gettext_noop as _

from camp.rankings.readapi import posts, shapes
from camp.rankings.readapi.shapes import moment

PATH = {"organization": "InfiniTensor", "slug": "2024summer", "number": 1}
COMMIT = "0f3c" * 10
COURSE = shapes.Course(
    number=1, name="C++", maximum=30, has_board=True, counts="claimed", proof_from=None,
    page="/InfiniTensor/camp/2024summer/stage/1/"
)  # fmt: skip
ROW = shapes.Row(
    rank=1, place=1, name="Lin Xiaoman", login="xiaoman", channel="github", points=30,
    reached_at=moment("2024-07-24T12:00:00Z"), proven=True, requirement_met=True, own=False, others_see=None,
)  # fmt: skip
FACE = shapes.PublicFace(name="Lin Xiaoman", login="xiaoman", channel="github")
UPLOAD = shapes.Upload(
    id=4711, received_at=moment("2024-07-24T12:00:00Z"), course=1, channel="github", login="xiaoman", points=30,
    source="proven", outcome="accepted", reason=None, message=None, answer=None, commit=COMMIT, counts=True,
    correction=None,
)  # fmt: skip

SAMPLES = {
    shapes.Courses: shapes.Courses(camp="InfiniTensor 2024", courses=[COURSE]),
    shapes.Board: shapes.Board(
        course=COURSE, people=945, frozen=False, frozen_since=None, rows=[ROW], next="WyIzMCIsIjIwMjQt…"
    ),
    shapes.Standing: shapes.Standing(
        rank=1, place=1, page=1, people=945, points=30, maximum=30, adjustment=0, reached_at=ROW.reached_at,
        proven=True, requirement_met=True, frozen=False, others_see=FACE,
    ),
    shapes.Uploads: shapes.Uploads(attempts=[UPLOAD], next=None),
    shapes.Exercises: shapes.Exercises(
        exercises=[shapes.Exercise(name="exercise00", former_names=["ex00"], state="passed")], as_of=ROW.reached_at
    ),
    posts.Document: posts.Document({"openapi": "3.1.0", "…": "…"}),
    posts.ProvenScore: posts.ProvenScore(
        course=1699, commit=COMMIT, results=[posts.Result(exercise="exercise00", passed=True)]
    ),
    posts.Proven: posts.Proven(
        accepted=True, course=1699, commit=COMMIT, points="30", maximum="30", passed=30, exercises=30
    ),
    posts.ProvenChecked: posts.ProvenChecked(
        accepted=True, course=1699, commit=COMMIT, points="30", maximum="30", passed=30, exercises=30, dry_run=True
    ),
    posts.LinkCode: posts.LinkCode(code="ABCDE-FGHJK"),
    posts.Linked: posts.Linked(linked=True, channel="github", login="xiaoman"),
    posts.ClaimedScore: posts.ClaimedScore(
        channel="github", courseId=1699, name="xiaoman", score=30, totalScore=30, ext="aaa"
    ),
    posts.Taken: posts.Taken(result=1, msg=""),
    posts.Checked: posts.Checked(result=1, msg="", dry_run=True, linked=True),
    posts.LeakedToken: posts.LeakedToken(token="camp_…"),  # noqa: S106
    posts.Revoked: posts.Revoked(message="If there was such a token, it is revoked."),
}  # fmt: skip

MEANINGS = {
    200: _("Here it is."),
    304: _("Nothing has changed since the answer whose ETag you sent as If-None-Match."),
    400: _("Something in the request is wrong; the message says what."),
    401: _("Who asks is not known."),
    403: _("Who asks is known, and may not."),
    404: _("There is no such thing, or you may not see it."),
    405: _("The wrong method."),
    409: _("The run or its token was used already."),
    411: _("The length of the body is missing."),
    413: _("The body is too large."),
    422: _("The results do not fit the course, or the run said something else before."),
    429: _("Too many in a minute; wait."),
    503: _("It cannot be checked at the moment; send the same again later."),
}
