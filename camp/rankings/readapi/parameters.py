"""What may stand behind the question mark. The schema is read from these shapes, and requests are."""

from typing import Annotated, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from camp.rankings.readapi.cursors import LONGEST
from camp.rankings.readapi.replies import ApiError

MOST_ROWS, ROWS = 200, 50
MOST_PLACE = 10**9


def _whole(text):
    """Digits and nothing else: neither 1e2 nor 1_0, +5 or Arabic digits."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise ValueError("not a whole number")
    return int(text)


def _from(least, most):
    return Annotated[int, Field(ge=least, le=most), BeforeValidator(_whole)]


class Query(BaseModel):
    """No parameters. A misspelt one is refused: a client that pages by it would read the first page for ever."""

    model_config = ConfigDict(extra="forbid")


class Paging(Query):
    after: str | None = Field(
        None,
        max_length=LONGEST,
        description=gettext_noop("The cursor “next” of the page before; without it the first page."),
    )
    limit: _from(1, MOST_ROWS) = Field(ROWS, description=gettext_noop("The most rows to answer with."))


class BoardQuery(Paging):
    place: _from(1, MOST_PLACE) | None = Field(
        None,
        description=gettext_noop("Begin at this place in the order of the board: rank 120 begins at place 120."),
    )
    board: Literal["live"] | None = Field(
        None,
        description=gettext_noop(
            "For staff: the live standings while the board is frozen. Others keep the frozen ones."
        ),
    )

    @model_validator(mode="after")
    def one_beginning(self):
        if self.after is not None and self.place is not None:
            raise ValueError("place")
        return self


def read(shape, request):
    """The parameters of a request in a shape. Raises ApiError with a sentence about the first that is wrong."""
    for name, values in request.GET.lists():
        if len(values) > 1:
            raise _bad(_("The parameter “%(name)s” stands twice in the address."), name)
    try:
        return shape.model_validate(request.GET.dict())
    except ValidationError as error:
        raise _refusal(error.errors(include_url=False, include_context=False)[0]) from None


def _refusal(mistake):
    name = mistake["loc"][0] if mistake["loc"] else "after+place"
    if mistake["type"] == "extra_forbidden":
        return _bad(_("There is no parameter “%(name)s” here. Look it up in the description of this API."), name)
    return _bad(_sentences()[name], name)


def bad_cursor():
    return _bad(_sentences()["after"], "after")


def _bad(sentence, name):
    return ApiError("bad_parameter", 400, sentence % {"name": name[:40]})


def _sentences():
    return {
        "after": _("“after” is no cursor of this list. Send “next” of the page before as it is, or begin without it."),
        "limit": _("“limit” must be a whole number from 1 to 200."),
        "place": _("“place” must be a whole number from 1 on."),
        "board": _("“board” can only be “live”."),
        "after+place": _("Send either “after” or “place”, not both."),
    }
