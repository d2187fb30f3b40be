"""Every operation of the API, in words: what the schema and its page are made from."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_noop as _
from pydantic import BaseModel

from camp.rankings.readapi import parameters, posts, shapes

COURSE = "/api/v1/camps/{organization}/{slug}/courses/{number}"


@dataclass(frozen=True)
class Operation:
    """One method of one address. `answers`: {status: shape}; `own`: about the reader, who must be signed in."""

    name: str
    path: str
    summary: str
    description: str
    answers: dict
    query: type[BaseModel] = parameters.Query
    method: str = "get"
    own: bool = False
    body: type[BaseModel] | None = None
    needs: tuple = field(default=())

    @property
    def is_reading(self):
        return self.method == "get"


def reading(name, path, summary, description, shape, **options):
    own = options.get("own", False)
    refusals = {400: shapes.Refusal, 404: shapes.Refusal} | ({401: shapes.Refusal} if own else {})
    answers = {200: shape, 304: None} | refusals
    return Operation(name, path, summary, description, answers, **options)


READINGS = [
    reading(
        "listCourses", "/api/v1/camps/{organization}/{slug}/courses", _("The courses of a camp"),
        _("Public, like the camp's page."), shapes.Courses,
    ),
    reading(
        "readBoard", f"{COURSE}/board", _("The board of a course"),
        _("Public, like the page of the board. While the board is frozen, these are the frozen standings."),
        shapes.Board, query=parameters.BoardQuery,
    ),
    reading(
        "readOwnStanding", f"{COURSE}/standing", _("Your own standing"),
        _("Your rank and points, and how others read your row. 404 while you have no score."),
        shapes.Standing, own=True,
    ),
    reading(
        "listOwnAttempts", f"{COURSE}/attempts", _("Your own uploads"),
        _("Accepted and refused ones, with what staff corrected; those that named no course are in every list."),
        shapes.Uploads, query=parameters.Paging, own=True,
    ),
    reading(
        "listExercises", f"{COURSE}/exercises", _("The exercises of a course"),
        _("Public; when you are signed in, with what your uploads say of each."), shapes.Exercises,
    ),
    reading("readSchema", "/api/v1/openapi.json", _("This description"), _("As OpenAPI 3.1."), posts.Document),
]  # fmt: skip

RUN = (400, 401, 403, 405, 409, 411, 413, 422, 429, 503)
UPLOAD = (400, 401, 403, 404, 405, 411, 413, 429)

POSTS = [
    Operation(
        "postProvenScore", "/api/v1/scores", _("Report a run that proves who it is"),
        _("For CI: with the identity token of the run. The same report of the same run gets the same answer."),
        {200: posts.Proven} | dict.fromkeys(RUN, shapes.Refusal),
        method="post", body=posts.ProvenScore, needs=("identityToken",),
    ),
    Operation(
        "checkProvenScore", "/api/v1/scores/check", _("Try a run's report"),
        _("The same checks, and nothing is kept: neither the token nor the run is used up."),
        {200: posts.ProvenChecked} | dict.fromkeys(RUN, posts.CheckRefused),
        method="post", body=posts.ProvenScore, needs=("identityToken",),
    ),
    Operation(
        "linkIdentity", "/api/v1/identities", _("Link the login that runs CI to your account"),
        _("For a run that you start by hand, with a code from your page of linked logins. The token must be made out "
          "for this address with a slash and the code behind it."),
        {200: posts.Linked} | dict.fromkeys((400, 401, 403, 405, 411, 413, 429, 503), shapes.Refusal),
        method="post", body=posts.LinkCode, needs=("identityToken",),
    ),
    Operation(
        "postClaimedScore", "/web/api/courseRank/createByThirdToken", _("Upload a score with the course's token"),
        _("For CI of all code hosts. Such a score is claimed, not proven: the token could be anybody's."),
        {200: posts.Taken} | dict.fromkeys(UPLOAD, posts.NotTaken),
        method="post", body=posts.ClaimedScore, needs=("courseToken",),
    ),
    Operation(
        "checkClaimedScore", "/api/v1/uploads/check", _("Try an upload with the course's token"),
        _("The same checks, and nothing is kept; says whether the login is linked to an account."),
        {200: posts.Checked} | dict.fromkeys(UPLOAD, posts.NotChecked),
        method="post", body=posts.ClaimedScore, needs=("courseToken",),
    ),
    Operation(
        "revokeToken", "/api/v1/tokens/revoke", _("Revoke a token that has leaked"),
        _("Whoever finds a course's token posts it here, and it is worth nothing. 200 even for unknown ones."),
        {200: posts.Revoked, 400: shapes.Refusal, 429: shapes.Refusal}, method="post", body=posts.LeakedToken,
    ),
]  # fmt: skip

ALL = [*READINGS, *POSTS]
