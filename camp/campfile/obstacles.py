"""What a file cannot do to a camp that people are in already. Only asks; nothing is changed here."""

from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from camp.campfile import identity, project_obstacles
from camp.campfile.entry_rules import matched_requirements, stored_requirements
from camp.campfile.mistakes import Mistake
from camp.classrooms.models import Material
from camp.classrooms.planning import is_expected
from camp.enrollment.models import Enrollment
from camp.rankings.models import Attempt, Standing
from camp.stages.models import Course, ItemTick, Participation


def obstacles(document, camp, *, at):
    """Mistakes that only the database knows of. `camp` may be new."""
    yield from _upload_ids(document, camp)
    yield from project_obstacles.obstacles(document, camp, at=at)
    if camp.pk:
        yield from _capacity(document, camp)
        yield from _maxima(document, camp)
        yield from _courses(document, camp)
        yield from _stages(document, camp)
        yield from _ticks(document, camp)
        yield from _questions(document, camp)
        yield from _meetings(document, camp, at=at)
        yield from _files(document, camp)


def _upload_ids(document, camp):
    wanted = {part.upload_id: index for index, part in enumerate(document.courses) if part.upload_id is not None}
    taken = Course.objects.filter(upload_id__in=wanted).exclude(camp=camp.pk).select_related("camp__organization")
    for course in taken:
        sentence = _("%(id)d is the upload id of course %(number)d in %(camp)s. Choose another.")
        values = {"id": course.upload_id, "number": course.number, "camp": "/".join(course.camp.address)}
        yield Mistake(("courses", wanted[course.upload_id], "upload_id"), sentence % values)


def _capacity(document, camp):
    capacity = document.camp.capacity
    if capacity is not None and capacity < camp.seats_taken:
        sentence = _("%(taken)d seats are taken already. Write at least that many.")
        yield Mistake(("camp", "capacity"), sentence % {"taken": camp.seats_taken})


def _maxima(document, camp):
    """A board never shows more points than there are."""
    reached = Standing.objects.filter(course__camp=camp).values_list("course__number").annotate(Max("points"))
    best = dict(reached.order_by())
    for index, part in enumerate(document.courses):
        if part.max_points < best.get(part.number, 0):
            sentence = _("A student has %(points)s points in this course already. Write at least that many.")
            points = f"{best[part.number].normalize():f}"
            yield Mistake(("courses", index, "max_points"), sentence % {"points": points})


def _gone(stored, parts, key):
    """Stored rows that the file no longer has."""
    kept = {key(part) for part in parts}
    return [row for row in stored if key(row) not in kept]


def _courses(document, camp):
    for course in _gone(camp.courses.all(), document.courses, identity.number):
        used = {
            _("uploads"): Attempt.objects.filter(course=course).exists(),
            _("points of students"): course.progress.exists() or course.standings.exists(),
            _("upload tokens"): course.upload_tokens.exists(),
            _("staff narrowed to it"): course.staff.exists(),
        }
        if any(used.values()):
            sentence = _("Course %(number)d is no longer in the file, but it has %(what)s. Put it back.")
            what = ", ".join(name for name, is_used in used.items() if is_used)
            yield Mistake(("courses",), sentence % {"number": course.number, "what": what})


def _stages(document, camp):
    for stage in _gone(camp.stages.all(), document.stages, identity.key):
        students = Participation.objects.filter(stage=stage).count()
        if students:
            sentence = ngettext(
                "Stage “%(key)s” is no longer in the file, but %(n)d student is or was in it. Put it back.",
                "Stage “%(key)s” is no longer in the file, but %(n)d students are or were in it. Put it back.",
                students,
            )
            yield Mistake(("stages",), sentence % {"key": stage.key, "n": students})


def _ticks(document, camp):
    """An item that staff have ticked for somebody stays under its name."""
    parts = {part.key: (index, part) for index, part in enumerate(document.stages)}
    for stage in camp.stages.all():
        index, part = parts.get(stage.key, (None, None))
        kept = {row for _part, row in matched_requirements(stage, part) if row} if part else set()
        for row in stored_requirements(stage):
            ticks = 0 if row in kept else ItemTick.objects.filter(requirement=row).count()
            if ticks:
                sentence = _("The item “%(item)s” is no longer in the file, but is ticked (%(n)d times). Put it back.")
                path = ("stages",) if part is None else ("stages", index)
                yield Mistake(path, sentence % {"item": row.item, "n": ticks})


def _questions(document, camp):
    for question in _gone(camp.questions.all(), document.questions, identity.key):
        answers = Enrollment.objects.in_camp(camp).filter(answers__has_key=question.key).count()
        if answers:
            sentence = _("Question “%(key)s” is no longer in the file, but has answers (%(n)d). Put it back.")
            yield Mistake(("questions",), sentence % {"key": question.key, "n": answers})


def _meetings(document, camp, *, at):
    """Who attended, attended; and whoever expects a meeting is told when it does not take place."""
    stored = camp.meetings.select_related("course").annotate(attended=Count("check_ins"))
    gone = _gone(stored, document.meetings, identity.key)
    has_students = Enrollment.objects.in_camp(camp).active().exists() if gone else False
    for meeting in gone:
        if meeting.attended:
            sentence = _("Meeting “%(key)s” is no longer in the file, but has check-ins (%(n)d). Put it back.")
            yield Mistake(("meetings",), sentence % {"key": meeting.key, "n": meeting.attended})
        elif has_students and is_expected(meeting, at=at):
            sentence = _(
                "Meeting “%(key)s” is no longer in the file, but students expect it. "
                "Put it back with is_cancelled = true, so that they are told."
            )
            yield Mistake(("meetings",), sentence % {"key": meeting.key})
    yield from _moved(document, {meeting.key: meeting for meeting in stored if meeting.attended})


def _moved(document, attended):
    """Attendance counts in the course in which it was."""
    for index, part in enumerate(document.meetings):
        meeting = attended.get(part.key)
        if meeting and part.course != (meeting.course.number if meeting.course else None):
            sentence = _("Meeting “%(key)s” has check-ins (%(n)d), so it stays where it is: course = %(course)s.")
            course = meeting.course.number if meeting.course else _("none")
            path = ("series", part._series) if part._series is not None else ("meetings", index)
            yield Mistake((*path, "course"), sentence % {"key": part.key, "n": meeting.attended, "course": course})


def _files(document, camp):
    """A file keeps its title."""
    titles = Material.objects.filter(meeting__camp=camp).exclude(file="").values_list("meeting__key", "title")
    stored = set(titles)
    for index, part in enumerate(document.meetings):
        for place, material in enumerate(part.materials):
            if (part.key, material.title) in stored:
                sentence = _("A file of this title is stored already. Choose another, or remove the file in the admin.")
                yield Mistake(("meetings", index, "materials", place, "title"), sentence)
