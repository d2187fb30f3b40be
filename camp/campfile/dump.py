"""Write a camp back as a camp file. Keys that have their default are left out, so that a file stays short."""

from datetime import UTC, datetime
from decimal import Decimal

import tomli_w
from django.db.models import Prefetch, TextField

from camp.campfile import identity, projects, schema, series
from camp.campfile.exercises import short_of
from camp.campfile.values import tidy
from camp.camps.models import SupportProject
from camp.stages.models import Course, Requirement, Stage

HEAD = """\
# A whole camp without its people and scores. docs/camp-file.md explains every key.
# Group links, join addresses and passcodes in it are secrets: keep the file as you keep them.

"""
ALWAYS = ("time_zone", "accent", "needed", "kind")
INLINE = ("exercises", "requirements", "recordings", "materials")
NESTED = ("projects", "entry", "criteria", "rounds", *INLINE)


def dump(camp):
    """The camp as a TOML text. Loading it changes nothing; dumping what was loaded gives the same text."""
    return HEAD + text_of(document_of(camp))


def document_of(camp):
    """Plain values in the order of the file, moments in the camp's zone."""
    write = Writer(camp.zone)
    open_source = [write.part(row, schema.Project) for row in camp.organization.support_projects.all()]
    repeated, meetings = series.compact([write.meeting(row) for row in meetings_of(camp)], camp.zone)
    return {
        "organization": write.part(camp.organization, schema.Organization)
        | ({"projects": open_source} if open_source else {}),
        "camp": write.part(camp, schema.Camp),
        "links": [write.part(row, schema.Link) for row in camp.links.all()],
        "faq": [write.part(row, schema.FaqEntry) for row in camp.faq_entries.all()],
        "questions": [write.part(row, schema.Question) for row in camp.questions.all()],
        "stages": [write.stage(row) for row in stages_of(camp)],
        "courses": [write.course(row) for row in camp.courses.select_related("stage").prefetch_related("exercises")],
        "series": repeated,
        "meetings": meetings,
        "announcements": [write.part(row, schema.Announcement) for row in announcements_of(camp)],
        **write.project_stage(projects.stored_stage(camp)),
    }


def stages_of(camp):
    requirements = Requirement.objects.select_related("course")
    return camp.stages.order_by("position", "id").prefetch_related(
        Prefetch("requirement_groups__requirements", queryset=requirements)
    )


def meetings_of(camp):
    related = camp.meetings.select_related("course").prefetch_related("recordings", "materials")
    return related.order_by("starts_at", "key")


def announcements_of(camp):
    return identity.in_time(camp.announcements.select_related("stage"))


class Writer:
    """Turns rows into the tables of a file."""

    def __init__(self, zone):
        self.zone = zone

    def part(self, row, part):
        """The values of a row under the keys of its part."""
        table = {}
        for name, field in part.model_fields.items():
            value = None if name in NESTED else self.value(row, name)
            if value is not None and (field.is_required() or name in ALWAYS or value != field.default):
                table[name] = value
        return table

    def value(self, row, name):
        value = getattr(row, name)
        if isinstance(value, str):
            return self.text(row._meta.get_field(name), value)
        if isinstance(value, datetime):
            return local(value, self.zone)
        if isinstance(value, Decimal):
            return int(value) if value == int(value) else value.normalize()
        if isinstance(value, Course):
            return value.number
        if isinstance(value, SupportProject):
            return value.name
        return value.key if isinstance(value, Stage) else value

    def text(self, field, value):
        """Markdown of several lines ends with a line end, so that the closing quotes stand alone."""
        value = tidy(field, value)
        return f"{value}\n" if "\n" in value and isinstance(field, TextField) else value

    def stage(self, row):
        groups = [
            self.part(group, schema.RequirementGroup)
            | {"requirements": [self.part(one, schema.Requirement) for one in group.requirements.all()]}
            for group in row.requirement_groups.all()
        ]
        return self.part(row, schema.Stage) | ({"entry": groups} if groups else {})

    def course(self, row):
        exercises = row.exercises.all()
        return self.part(row, schema.Course) | ({"exercises": short_of(exercises)} if exercises else {})

    def meeting(self, row):
        """A material that is a file stays where it is: only addresses are written."""
        recordings = [self.part(one, schema.Recording) for one in row.recordings.all()]
        materials = [self.part(one, schema.Material) for one in row.materials.all() if not one.file]
        lists = {"recordings": recordings, "materials": materials}
        return self.part(row, schema.Meeting) | {name: rows for name, rows in lists.items() if rows}

    def project_stage(self, row):
        """The table of the project stage, where the camp has one."""
        if row is None:
            return {}
        lists = {
            "criteria": [self.part(one, schema.Criterion) for one in row.criteria.all()],
            "rounds": [self.part(one, schema.Round) for one in row.rounds.all()],
            "projects": [self.part(one, schema.Topic) for one in projects.topics_of(row)],
        }
        table = self.part(row, schema.ProjectStage) | {name: rows for name, rows in lists.items() if rows}
        return {"project_stage": table}


def local(moment, zone):
    """The wall clock of the zone; with its offset the second time that the clock shows the same."""
    there = moment.astimezone(zone)
    plain = there.replace(tzinfo=None, fold=0)
    if plain.replace(tzinfo=zone).astimezone(UTC) == moment.astimezone(UTC):
        return plain
    return datetime.fromisoformat(there.isoformat())  # Without the name of the zone, which TOML cannot write.


def text_of(document):
    """A document as TOML: each list of tables under headers of its own, short tables in one line."""
    return "\n".join(chunk for name, value in document.items() for chunk in tables(name, value))


def tables(name, value):
    """The chunks that write a table or a list of tables, its own keys first, the tables inside it after."""
    for table in value if isinstance(value, list) else [value]:
        header = f"[[{name}]]" if isinstance(value, list) else f"[{name}]"
        inner = {key: rows for key, rows in table.items() if is_list_of_tables(key, rows)}
        yield f"{header}\n" + "".join(line(key, own) for key, own in table.items() if key not in inner)
        for key, rows in inner.items():
            yield from tables(f"{name}.{key}", rows)


def is_list_of_tables(key, value):
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and key not in INLINE


def line(key, value):
    if isinstance(value, dict):
        return f"{key} = {inline(value)}\n"
    if isinstance(value, list) and any(isinstance(element, dict) for element in value):
        return f"{key} = [\n" + "".join(f"    {inline(element)},\n" for element in value) + "]\n"
    return tomli_w.dumps({key: value}, multiline_strings=True)


def inline(value):
    """A value within one line."""
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {inline(inner)}" for key, inner in value.items()) + " }"
    return tomli_w.dumps({"key": value}).strip().removeprefix("key = ")
