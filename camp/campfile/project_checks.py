"""What a project stage must agree on with itself and with the rest of its file."""

from django.utils.translation import gettext as _

from camp.campfile.mistakes import Mistake, twice
from camp.campfile.values import near
from camp.stages.models import Stage

HERE = "project_stage"
KEYS = {"criteria": "key", "rounds": "number", "projects": "number"}


def mistakes(document):
    """All mistakes of the table [project_stage]; a value that is None could not be read and has its mistake."""
    part = document.project_stage
    if part:
        yield from _repeated(part)
        yield from _kind(document, part)
        yield from _dates(part)
        yield from _sizes(part)
        yield from _open_source(document, part)


def rows(part, name):
    """The rows of a list of the table, with their paths."""
    return [((HERE, name, index), row) for index, row in enumerate(getattr(part, name) or [])]


def _repeated(part):
    for name, key in KEYS.items():
        yield from twice([((*path, key), getattr(row, key)) for path, row in rows(part, name)])


def _kind(document, part):
    named = [stage for stage in document.stages if stage and stage.key == part.stage]
    if any(stage.kind not in (None, Stage.Kind.PROJECT) for stage in named):
        yield Mistake((HERE, "stage"), _("Choose a stage of the kind “project”."))


def _dates(part):
    yield from _not_later((HERE,), part, "teams_lock_at", "hand_in_closes_at")
    for path, row in rows(part, "rounds"):
        yield from _not_later(path, row, "opens_at", "closes_at")
        if None not in (row.closes_at, row.mentors_close_at) and row.mentors_close_at < row.closes_at:
            sentence = _("This must not be earlier than “%(first)s”.")
            yield Mistake((*path, "mentors_close_at"), sentence % {"first": "closes_at"})


def _not_later(path, part, first, last):
    start, end = getattr(part, first), getattr(part, last)
    if start and end and end <= start:
        yield Mistake((*path, last), _("This must be later than “%(first)s”.") % {"first": first})


def _sizes(part):
    """A project that no number of teams, or no team, could fill."""
    for path, row in rows(part, "projects"):
        if row.team_size_min == 0:
            yield Mistake((*path, "team_size_min"), _("A team has at least 1 person."))
        for least, most in (("least_teams", "seats"), ("team_size_min", "team_size_max")):
            fewest, largest = getattr(row, least), getattr(row, most)
            if None not in (fewest, largest) and largest < fewest:
                sentence = _("“%(most)s” must not be less than “%(least)s”.") % {"most": most, "least": least}
                yield Mistake((*path, most if most in row.model_fields_set else least), sentence)


def _open_source(document, part):
    """Projects name the organization's open-source projects; where the file has none, those that are stored."""
    organization = document.organization
    if organization and organization.projects and "projects" in organization.model_fields_set:
        yield from unknown_support_projects(part, [project.name for project in organization.projects])


def unknown_support_projects(part, known):
    for path, row in rows(part, "projects"):
        if row.support_project is not None and row.support_project not in known:
            sentence = _("The organization has no project “%(name)s”.") % {"name": row.support_project}
            yield Mistake((*path, "support_project"), sentence + near(row.support_project, known))
