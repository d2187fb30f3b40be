"""Bring the database to a camp file: all of it in one transaction, or nothing."""

import zoneinfo
from copy import copy

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from camp.campfile import identity
from camp.campfile.entry_rules import sync_rules
from camp.campfile.exercises import sync_exercises
from camp.campfile.mistakes import UNKNOWN, CampFileError, Mistake, Source
from camp.campfile.obstacles import obstacles
from camp.campfile.projects import sync_project_stage
from camp.campfile.read import read
from camp.campfile.report import Report
from camp.campfile.sync import Sync, fields_of
from camp.camps.models import Camp, CampLink, FaqEntry, Organization, SupportProject
from camp.classrooms.models import Material, Meeting, Recording
from camp.classrooms.series import overlapping
from camp.enrollment import services as enrollment
from camp.enrollment.models import ApplicationQuestion, Enrollment
from camp.rankings import course_changes, standings
from camp.stages import services as stages
from camp.stages.models import Announcement, Course, Participation, Requirement, RequirementGroup, Stage

LISTS = ("recordings", "materials")


def load(text, *, source_name, at=None):
    """Create or update the camp of a text. Raises CampFileError with all mistakes and their lines."""
    document = read(text, source_name=source_name)
    return load_document(document, source=Source(source_name, text), at=at)


def load_document(document, *, source=UNKNOWN, at=None):
    """Create or update the camp of a document that `read` has made. Returns the Report.

    Students who move because of it do so `at` that moment (default: now).
    """
    try:
        with transaction.atomic():
            return Loading(document, source).run(at=at)
    except IntegrityError as error:
        sentence = _("The database refused this; perhaps it was changed just now. Load the file again. (%(error)s)")
        raise CampFileError([Mistake((), sentence % {"error": error})], source) from error


class Loading:
    """One load. The camp's row is locked first, as everything that moves students does."""

    def __init__(self, document, source):
        self.document, self.source = document, source
        self.report = Report()
        self.sync = Sync(self.report, source, zone=zoneinfo.ZoneInfo(document.camp.time_zone))

    def run(self, *, at):
        self._find()
        if mistakes := list(obstacles(self.document, self.camp, at=at or timezone.now())):
            raise CampFileError(mistakes, self.source)
        seats_before = self.camp.capacity
        self._organization()
        self._camp()
        self._pages()
        self._stages()
        self._courses()
        sync_rules(self.sync, self.document, stages=self.stages, courses=self.courses)
        self._timetable()
        self._announcements()
        sync_project_stage(self.sync, self.document.project_stage, camp=self.camp, stages=self.stages)
        self.sync.finish()
        self._move_students(seats_before, at=at)
        return self.report

    def _find(self):
        """The organization and the camp that the file names, stored or new. Addresses are read in any case."""
        slug = self.document.organization.slug
        self.organization = Organization.objects.select_for_update().at(slug).first() or Organization()
        camps = Camp.objects.select_for_update().filter(organization=self.organization.pk)
        self.camp = camps.filter(slug__iexact=self.document.camp.slug).first() or Camp()
        self.report.camp = self.camp

    def _organization(self):
        part = self.document.organization
        given = {name: value for name, value in fields_of(part, "projects").items() if name in part.model_fields_set}
        self.sync.row(self.organization, given, path=("organization",))
        if "projects" in part.model_fields_set:
            stored = self.organization.support_projects.all()
            self._kind(
                SupportProject, stored, part.projects, key=identity.name, path=("organization", "projects"),
                organization=self.organization,
            )  # fmt: skip

    def _camp(self):
        self.camp.organization = self.organization
        self.sync.row(self.camp, fields_of(self.document.camp), path=("camp",))

    def _kind(self, model, stored, parts, *, key, path, values=fields_of, **parent):
        return self.sync.rows(stored, parts, key=key, new=lambda: model(**parent), values=values, path=path)

    def _pages(self):
        camp, document = self.camp, self.document
        self._kind(CampLink, camp.links.all(), document.links, key=identity.title, path=("links",), camp=camp)
        self._kind(FaqEntry, camp.faq_entries.all(), document.faq, key=identity.question, path=("faq",), camp=camp)
        questions = camp.questions.all()
        self._kind(ApplicationQuestion, questions, document.questions, key=identity.key, path=("questions",), camp=camp)

    def _stages(self):
        rows = self._kind(
            Stage, self.camp.stages.all(), self.document.stages, key=identity.key, path=("stages",), camp=self.camp,
            values=lambda part: fields_of(part, "entry"),
        )  # fmt: skip
        self.stages = {row.key: row for row in rows}

    def _courses(self):
        stored = list(self.camp.courses.select_related("stage"))
        self.courses_before = {row.pk: copy(row) for row in stored}
        self._free_upload_ids(stored)
        rows = self._kind(
            Course, stored, self.document.courses, key=identity.number, path=("courses",), camp=self.camp,
            values=lambda part: fields_of(part, "exercises") | {"stage": self.stages[part.stage]},
        )  # fmt: skip
        for row, part in zip(rows, self.document.courses, strict=True):
            sync_exercises(self.report, row, part.exercises)
        self.courses = {row.number: row for row in rows}

    def _free_upload_ids(self, stored):
        """Two courses may swap their upload ids; no two may have the same in between."""
        wanted = {part.number: part.upload_id for part in self.document.courses}
        changed = [row.pk for row in stored if row.upload_id != wanted.get(row.number)]
        Course.objects.filter(pk__in=changed).update(upload_id=None)

    def _timetable(self):
        parts = self.document.meetings
        stored = self.camp.meetings.select_related("course").prefetch_related("recordings", "materials")
        rows = self._kind(
            Meeting, stored, parts, key=identity.key, path=[path_of(*one) for one in enumerate(parts)], camp=self.camp,
            values=lambda part: fields_of(part, *LISTS) | {"course": self.courses.get(part.course)},
        )  # fmt: skip
        for (index, part), row in zip(enumerate(parts), rows, strict=True):
            self._lists_of(row, part, path=path_of(index, part))
        self.report.overlaps = overlapping(parts)

    def _lists_of(self, meeting, part, *, path):
        """The recordings and materials of a meeting. Files are none of the camp file's business."""
        addresses = [row for row in meeting.materials.all() if not row.file]
        recordings, here = meeting.recordings.all(), {"meeting": meeting}
        self._kind(Recording, recordings, part.recordings, key=identity.url, path=(*path, "recordings"), **here)
        self._kind(Material, addresses, part.materials, key=identity.title, path=(*path, "materials"), **here)

    def _announcements(self):
        """Titles may come again; the earlier one is the first of its name, in the file as in the database."""
        stored = identity.in_time(self.camp.announcements.select_related("stage"))
        rows = dict(identity.numbered(stored, identity.title))
        parts = identity.in_time(self.document.announcements)
        for name, part in identity.numbered(parts, identity.title):
            row = rows.pop(name, None) or Announcement(camp=self.camp)
            values = fields_of(part) | {"stage": self.stages.get(part.stage)}
            self.sync.row(row, values, path=("announcements", self.document.announcements.index(part)))
        self.sync.gone += rows.values()

    def _move_students(self, seats_before, *, at):
        """Points follow what counts now, free seats go to the waiting list, and rules that changed are asked again."""
        admitted = Participation.objects.admitted().filter(enrollment__camp=self.camp)
        before = set(admitted.values_list("pk", flat=True))
        self._follow_courses(at=at)
        capacity = self.camp.capacity
        if seats_before is not None and (capacity is None or capacity > seats_before):
            self.report.admitted = enrollment.fill_seats(self.camp, at=at)
        if any(changes_rules(entry) for entry in self.report.entries):
            stages.apply_rules(self.camp, at=at)
            self.report.promoted = list(admitted.exclude(pk__in=before).select_related("stage"))

    def _follow_courses(self, *, at):
        """Bring points to the maxima and kinds of score that count now; all enrollments are locked before any board."""
        known = [course for course in self.courses.values() if course.pk in self.courses_before]
        changed = [course for course in known if course_changes.is_change(course, self.courses_before[course.pk])]
        if changed:
            standings.lock_all(Enrollment.objects.in_camp(self.camp))
        for course in changed:
            course_changes.follow(course, self.courses_before[course.pk], at=at)


def path_of(index, meeting):
    """Where a meeting stands in the file: by itself, or in the series that it comes from."""
    return ("meetings", index) if meeting._series is None else ("series", meeting._series)


def changes_rules(entry):
    """Whether a rule may be met now that was not: a rule, a new stage or a course's maximum is another."""
    if entry.model is Course:
        return any(name in course_changes.RULES for name, _old, _new in entry.fields)
    is_new_stage = entry.model is Stage and entry.outcome == "created"
    return is_new_stage or (entry.model in (RequirementGroup, Requirement) and entry.outcome != "left")
