"""What the read API answers, field by field. The answers are made of these shapes and the schema is read from them.

The descriptions are sources for translation: the page of the API shows them in the reader's language.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as _
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from camp.accounts.models import Identity
from camp.rankings.models import Attempt, Correction
from camp.rankings.results import State
from camp.stages import models as stages


def plain_number(value):
    """Points as JSON writes them: 27, not 27.000."""
    number = Decimal(value)
    return int(number) if number == number.to_integral_value() else float(number)


Points = Annotated[Any, PlainValidator(plain_number), WithJsonSchema({"type": "number"})]
Moment = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
Channel = Literal[tuple(Identity.Channel.values)]


def described(text, **options):
    return Field(description=text, **options)


class Shape(BaseModel):
    """No field is ever left out, and there is none beside those that are named."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Mistake(Shape):
    code: str = described(_("A short name of the kind of mistake, for programs."))
    message: str = described(_("A sentence that says what to do, for people."))


class Refusal(Shape):
    error: Mistake


class Course(Shape):
    number: int = described(_("The number of the course in its camp, as in its address."))
    name: str = described(_("The name of the course."))
    maximum: Points = described(_("Full marks."))
    has_board: bool = described(_("Whether there is homework, and so a board."))
    counts: Literal[tuple(stages.Course.Counts.values)] = described(
        _("Which scores count for promotion: “claimed” means every accepted one, “proven” the proven ones only.")
    )
    proof_from: Moment | None = described(
        _("From when on claimed scores do not count any more, in UTC; null where there is no such moment.")
    )
    page: str = described(_("The address of its page on this site."))


class Courses(Shape):
    camp: str = described(_("The name of the camp."))
    courses: list[Course] = described(_("In the order of their numbers."))


class Row(Shape):
    rank: int = described(_("Competition rank: equal points reached at the same moment share it (1, 2, 2, 4)."), ge=1)
    place: int = described(_("The place in the order of the board, in which no two share one."), ge=1)
    name: str = described(_("As the board shows it: a name, a nickname, or a word for somebody hidden."))
    login: str | None = described(_("The login that uploaded the score; null where it is not shown."))
    channel: Channel | None = described(_("The code host of the login; null where it is not shown."))
    points: Points = described(_("The best points, corrected by staff where they had to be."))
    reached_at: Moment = described(_("When the best was first reached, in UTC."))
    proven: bool = described(_("Whether the CI run that gave the points proved who it is."))
    requirement_met: bool = described(_("Whether these points are what the next stage asks for in this course."))
    own: bool = described(_("Whether it is your row; false for everybody who is not signed in."))
    others_see: str | None = described(_("To staff and to oneself: how everybody else reads it, where that differs."))


class Board(Shape):
    course: Course
    people: int = described(_("How many stand on the board."), ge=0)
    frozen: bool = described(_("Whether these are the standings of an earlier moment, at which the board was frozen."))
    frozen_since: Moment | None = described(_("Since when the board is frozen; null when it is not."))
    rows: list[Row] = described(_("In the order of the board."))
    next: str | None = described(_("The cursor of what follows, to be sent as “after”; null at the end."))


class PublicFace(Shape):
    name: str = described(_("Your name as others read it on the board."))
    login: str | None = described(_("Your login as others read it; null where they do not."))
    channel: Channel | None = described(_("The code host of the login; null where others do not see it."))


class Standing(Shape):
    rank: int = described(_("Your competition rank."), ge=1)
    place: int = described(_("Your place in the order of the board, in which no two share one."), ge=1)
    page: int = described(_("The page of the board on this site that your row is on."), ge=1)
    people: int = described(_("How many stand on the board."), ge=1)
    points: Points = described(_("Your points."))
    maximum: Points = described(_("Full marks."))
    adjustment: Points = described(_("How much of the points staff added, or took away if it is less than zero."))
    reached_at: Moment = described(_("When you first reached your best, in UTC."))
    proven: bool = described(_("Whether the CI run that gave the points proved who it is."))
    requirement_met: bool = described(_("Whether these points are what the next stage asks for in this course."))
    frozen: bool = described(_("Whether these are the standings of an earlier moment, at which the board was frozen."))
    others_see: PublicFace


class AttemptCorrection(Shape):
    kind: Literal[tuple(Correction.Kind.values)] = described(_("What staff did with the upload."))
    reason: str = described(_("Why they did it."))
    made_at: Moment = described(_("When they did it, in UTC."))
    moved_to: int | None = described(
        _("The number of the course that the upload counts in now; null if it was not moved.")
    )


class Upload(Shape):
    id: int = described(_("The number of the upload on this site."))
    received_at: Moment = described(_("When it arrived, in UTC."))
    course: int | None = described(
        _("The number of the course that it was sent to; null if no course was named rightly.")
    )
    channel: Channel | None = described(_("The code host that it named."))
    login: str = described(_("The login that it named."))
    points: Points | None = described(
        _("The points it carried, before any correction; null if they could not be read.")
    )
    source: Literal[tuple(Attempt.Source.values)] = described(
        _("How it came: “proven” with the token of a CI run, “claimed” with the token of the course.")
    )
    outcome: Literal[tuple(Attempt.Outcome.values)] = described(_("Whether it was accepted."))
    reason: str | None = described(_("The name of the reason why it was refused."))
    message: str | None = described(_("That reason in a sentence."))
    answer: str | None = described(_("What your CI was told when it was refused."))
    commit: str | None = described(_("The commit that the run proved."))
    counts: bool = described(_("Whether it competes for your best on this course's board."))
    correction: AttemptCorrection | None = described(_("What staff corrected about it, while that is in force."))


class Uploads(Shape):
    attempts: list[Upload] = described(_("The newest first."))
    next: str | None = described(_("The cursor of what follows, to be sent as “after”; null at the end."))


class Exercise(Shape):
    name: str = described(_("Its name today."))
    former_names: list[str] = described(_("Names under which results still count for it."))
    state: Literal[tuple(State.values)] | None = described(
        _("What your uploads say of it; null when you are not signed in or none of them says anything.")
    )


class Exercises(Shape):
    exercises: list[Exercise] = described(_("In the order of the course."))
    as_of: Moment | None = described(_("When the latest of your uploads that names exercises arrived, in UTC."))


def moment(text):
    """A moment of an example."""
    return datetime.fromisoformat(text)
