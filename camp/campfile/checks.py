"""What a document must agree on with itself. What could not be read is None and has its mistake already."""

from django.utils.translation import gettext as _

from camp.campfile import project_checks, series
from camp.campfile.mistakes import Mistake, twice
from camp.campfile.values import near

SPANS = (
    ("registration_opens_at", "registration_closes_at"), ("starts_at", "ends_at"), ("opens_at", "closes_at"),
    ("upload_opens_at", "upload_closes_at"),
)  # fmt: skip
UNIQUE = {
    "links": "title", "faq": "question", "questions": "key", "stages": "key", "courses": "number", "series": "key",
    "meetings": "key",
}  # fmt: skip
ASKED_FOR = {"points": {"course", "points"}, "item": {"item", "course"}, "attendance": {"meetings", "course"}}
NEEDED = {"points": "course", "item": "item", "attendance": "meetings"}


def of(document, zone):
    """All mistakes between the parts of a document, and of its series on the clock of the zone."""
    return [
        *_spans(document), *_repeated(document), *_options(document), *_references(document), *_rules(document),
        *series.mistakes(parts(document, "series"), zone), *project_checks.mistakes(document),
    ]  # fmt: skip


def parts(document, name):
    """The parts of a list that could be read, with their paths."""
    return [((name, index), part) for index, part in enumerate(getattr(document, name)) if part]


def _spans(document):
    dated = [part for name in ("stages", "courses", "meetings") for part in parts(document, name)]
    for path, part in [(("camp",), document.camp), *dated]:
        for first, last in SPANS:
            start, end = getattr(part, first, None), getattr(part, last, None)
            if start and end and end <= start:
                yield Mistake((*path, last), _("This must be later than “%(first)s”.") % {"first": first})


def _repeated(document):
    for name, key in UNIQUE.items():
        yield from twice([((*path, key), getattr(part, key)) for path, part in parts(document, name)])
    yield from twice([((*path, "upload_id"), course.upload_id) for path, course in parts(document, "courses")])
    projects = document.organization.projects if document.organization else None
    names = [project.name for project in projects or []]
    yield from twice([(("organization", "projects", index, "name"), name) for index, name in enumerate(names)])
    for path, meeting in parts(document, "meetings"):
        for name, key in (("recordings", "url"), ("materials", "title")):
            rows = enumerate(getattr(meeting, name) or [])
            yield from twice([((*path, name, index, key), getattr(row, key)) for index, row in rows])


def _options(document):
    for path, question in parts(document, "questions"):
        if question.kind in ("choice", "choices") and question.options == []:
            yield Mistake(path, _("A question with choices needs “options”."))
        if question.kind in ("text", "long_text") and question.options:
            yield Mistake((*path, "options"), _("Only a question of kind choice or choices has options."))


def _references(document):
    """Courses, announcements and the project stage name stages, meetings and series name courses."""
    keys = _known(document, "stages", "key")
    project_stage = [(("project_stage",), document.project_stage)] if document.project_stage else []
    for path, part in [*parts(document, "courses"), *parts(document, "announcements"), *project_stage]:
        if keys is not None and part.stage is not None and part.stage not in keys:
            sentence = _("There is no stage “%(key)s”.") % {"key": part.stage}
            yield Mistake((*path, "stage"), sentence + near(part.stage, keys))
    for path, meeting in [*parts(document, "meetings"), *parts(document, "series")]:
        yield from _unknown_course(document, path, meeting.course)


def _known(document, name, key):
    """The keys that can be named; None where a part could not be read, for it may be the one that is named."""
    known = [getattr(row, key, None) for row in getattr(document, name)]
    return None if None in known else known


def _unknown_course(document, path, number):
    numbers = _known(document, "courses", "number")
    if numbers is not None and number is not None and number not in numbers:
        known = ", ".join(str(known) for known in numbers) or "–"
        sentence = _("There is no course %(number)s. The courses are: %(known)s.")
        yield Mistake((*path, "course"), sentence % {"number": number, "known": known})


def _rules(document):
    maxima = {course.number: course.max_points for _path, course in reversed(parts(document, "courses"))}
    for path, stage in parts(document, "stages"):
        for index, group in enumerate(stage.entry or []):
            yield from _group(document, (*path, "entry", index), group, maxima)


def _group(document, path, group, maxima):
    if group.needed > len(group.requirements):
        sentence = _("%(needed)d are needed, but the group has %(there)d. Nobody could enter the stage.")
        yield Mistake((*path, "needed"), sentence % {"needed": group.needed, "there": len(group.requirements)})
    for index, requirement in enumerate(group.requirements):
        here = (*path, "requirements", index)
        yield from _unknown_course(document, here, requirement.course)
        yield from _keys(here, requirement)
        yield from _reachable(here, requirement, maxima)


def _keys(path, requirement):
    """Points need a course, an item its name, attendance a number; what belongs to another kind is out of place."""
    needed = NEEDED[requirement.kind]
    if not getattr(requirement, needed):
        sentence = _("A requirement of kind “%(kind)s” needs the key “%(key)s”.")
        yield Mistake(path, sentence % {"kind": requirement.kind, "key": needed})
    for key in ("course", "points", "item", "meetings"):
        if getattr(requirement, key) not in (None, "") and key not in ASKED_FOR[requirement.kind]:
            sentence = _("A requirement of kind “%(kind)s” has no key “%(key)s”.")
            yield Mistake((*path, key), sentence % {"kind": requirement.kind, "key": key})


def _reachable(path, requirement, maxima):
    """A rule that everybody or nobody meets is a slip."""
    most = maxima.get(requirement.course)
    if requirement.kind != "points" or most is None:
        return
    if requirement.points == 0 or most == 0:
        where = path if requirement.points is None else (*path, "points")
        yield Mistake(where, _("Everybody would meet this: it asks for 0 points. Give the course its max_points."))
    elif requirement.points is not None and requirement.points > most:
        sentence = _("Course %(number)s has only %(most)s points (its max_points). Nobody could meet this.")
        yield Mistake((*path, "points"), sentence % {"number": requirement.course, "most": f"{most:f}"})
