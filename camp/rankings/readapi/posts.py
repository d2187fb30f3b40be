"""What the addresses that CI posts to read and answer. They have readers of their own; tests hold the two together."""

from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, Field, RootModel, StringConstraints

from camp.rankings.readapi.shapes import Channel, Mistake, Shape, described

Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,40}$")]


class ClaimedScore(BaseModel):
    channel: Channel = described(_("The code host whose login “name” is."))
    courseId: Annotated[int, Field(ge=0)] | Digits = described(_("The course's courseId."))  # noqa: N815
    name: str = described(_("The login of the CI actor."), pattern=r"^[A-Za-z0-9._-]{1,95}(\[bot\])?$")
    score: float = described(_("The points reached, at most the course's maximum; never in quotes."), ge=0)
    totalScore: float = described(_("Full marks as the client believes; the site has its own."), default=0)  # noqa: N815
    ext: str = described(_("Free text, or the result file of the run as JSON text."), default="")


class Taken(Shape):
    result: Literal[1]
    msg: Literal[""]


class NotTaken(Shape):
    result: int = described(_("The HTTP status."), ge=400)
    msg: str = described(_("What to do."))


class Result(BaseModel):
    exercise: str = described(_("The name of the exercise."), min_length=1, max_length=120)
    passed: bool = described(_("Whether it passed."))


class ProvenScore(BaseModel):
    course: Annotated[int, Field(ge=0)] | Digits = described(_("The course's courseId."))
    commit: str = described(_("The full commit."), pattern=r"^[0-9a-fA-F]{40}$")
    results: list[Result] = described(_("Each exercise at most once; one that is not named has not passed."))


class Proven(Shape):
    accepted: Literal[True]
    course: int
    commit: str = described(_("The commit that the run proved."))
    points: str = described(_("The points, as the site reckons them."))
    maximum: str = described(_("Full marks."))
    passed: int = described(_("How many exercises passed."))
    exercises: int = described(_("How many there are."))


class ProvenChecked(Proven):
    """What the report would be answered; nothing is kept."""

    dry_run: Literal[True]


class CheckRefused(Shape):
    error: Mistake
    dry_run: Literal[True]


class Checked(Taken):
    dry_run: Literal[True]
    linked: bool = described(_("Whether the login is linked to an account, so that the score would count."))


class NotChecked(NotTaken):
    dry_run: Literal[True]


class LinkCode(BaseModel):
    code: str = described(_("The code that your page of linked logins shows."), pattern=r"^[A-Za-z0-9-]{8,20}$")


class Linked(Shape):
    linked: Literal[True]
    channel: Channel
    login: str = described(_("The login that is yours now."))


class LeakedToken(BaseModel):
    token: str = described(_("The whole token."))


class Revoked(Shape):
    message: str


class Document(RootModel[dict[str, Any]]):
    """The description itself: an OpenAPI document."""
