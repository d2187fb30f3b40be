"""What a camp file may say. Every value is held against the model field that will store it; keys left out are defaults.

Everything of a camp is here except people and scores, pictures and the seats taken.
"""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PrivateAttr, create_model

from camp.campfile.exercises import Named, exercise_names
from camp.campfile.values import a_clock, a_day, of, some_days, some_skills, some_weekdays
from camp.camps import models as camps
from camp.classrooms import models as classrooms
from camp.enrollment import models as enrollment
from camp.projects import models as projects
from camp.stages import models as stages


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Project(Part):
    name: Annotated[str, of(camps.SupportProject, "name")]
    field: Annotated[str, of(camps.SupportProject, "field")] = ""
    url: Annotated[str, of(camps.SupportProject, "url")]
    description: Annotated[str, of(camps.SupportProject, "description")] = ""


class Organization(Part):
    """Shared by its camps: a key left out of one camp's file stays as it is."""

    slug: Annotated[str, of(camps.Organization, "slug")]
    name: Annotated[str, of(camps.Organization, "name")]
    summary: Annotated[str, of(camps.Organization, "summary")] = ""
    website: Annotated[str, of(camps.Organization, "website")] = ""
    description: Annotated[str, of(camps.Organization, "description")] = ""
    projects: list[Project] = []


class Camp(Part):
    slug: Annotated[str, of(camps.Camp, "slug")]
    name: Annotated[str, of(camps.Camp, "name")]
    summary: Annotated[str, of(camps.Camp, "summary")] = ""
    time_zone: Annotated[str, of(camps.Camp, "time_zone")] = "Asia/Shanghai"
    accent: Annotated[str, of(camps.Camp, "accent")] = "#0b6e6e"
    registration_opens_at: Annotated[datetime, of(camps.Camp, "registration_opens_at")]
    registration_closes_at: Annotated[datetime, of(camps.Camp, "registration_closes_at")]
    starts_at: Annotated[datetime, of(camps.Camp, "starts_at")]
    ends_at: Annotated[datetime, of(camps.Camp, "ends_at")]
    capacity: Annotated[int | None, of(camps.Camp, "capacity")] = None
    needs_approval: Annotated[bool, of(camps.Camp, "needs_approval")] = False
    is_published: Annotated[bool, of(camps.Camp, "is_published")] = True
    contact: Annotated[str, of(camps.Camp, "contact")] = ""
    group_name: Annotated[str, of(camps.Camp, "group_name")] = ""
    group_link: Annotated[str, of(camps.Camp, "group_link")] = ""
    description: Annotated[str, of(camps.Camp, "description")] = ""


class Link(Part):
    title: Annotated[str, of(camps.CampLink, "title")]
    url: Annotated[str, of(camps.CampLink, "url")]


class FaqEntry(Part):
    question: Annotated[str, of(camps.FaqEntry, "question")]
    answer: Annotated[str, of(camps.FaqEntry, "answer")]


class Question(Part):
    """A question of the application form."""

    key: Annotated[str, of(enrollment.ApplicationQuestion, "key")]
    label: Annotated[str, of(enrollment.ApplicationQuestion, "label")]
    help_text: Annotated[str, of(enrollment.ApplicationQuestion, "help_text")] = ""
    kind: Annotated[str, of(enrollment.ApplicationQuestion, "kind")] = "text"
    options: Annotated[list[str], of(enrollment.ApplicationQuestion, "options")] = []
    is_required: Annotated[bool, of(enrollment.ApplicationQuestion, "is_required")] = False


class Requirement(Part):
    kind: Annotated[str, of(stages.Requirement, "kind")] = "points"
    course: Annotated[int | None, of(stages.Course, "number")] = None
    points: Annotated[Decimal | None, of(stages.Requirement, "points")] = None
    item: Annotated[str, of(stages.Requirement, "item")] = ""
    meetings: Annotated[int | None, of(stages.Requirement, "meetings")] = None


class RequirementGroup(Part):
    label: Annotated[str, of(stages.RequirementGroup, "label")]
    needed: Annotated[int, of(stages.RequirementGroup, "needed")] = 1
    requirements: list[Requirement]


class Stage(Part):
    key: Annotated[str, of(stages.Stage, "key")]
    name: Annotated[str, of(stages.Stage, "name")]
    kind: Annotated[str, of(stages.Stage, "kind")]
    opens_at: Annotated[datetime, of(stages.Stage, "opens_at")]
    closes_at: Annotated[datetime, of(stages.Stage, "closes_at")]
    group_name: Annotated[str, of(stages.Stage, "group_name")] = ""
    group_link: Annotated[str, of(stages.Stage, "group_link")] = ""
    description: Annotated[str, of(stages.Stage, "description")] = ""
    entry: list[RequirementGroup] = []


class Course(Part):
    number: Annotated[int, of(stages.Course, "number")]
    stage: Annotated[str, of(stages.Stage, "key")]
    name: Annotated[str, of(stages.Course, "name")]
    summary: Annotated[str, of(stages.Course, "summary")] = ""
    upload_id: Annotated[int | None, of(stages.Course, "upload_id")] = None
    max_points: Annotated[Decimal, of(stages.Course, "max_points")] = Decimal(0)
    counts: Annotated[str, of(stages.Course, "counts")] = "claimed"
    proof_from: Annotated[datetime | None, of(stages.Course, "proof_from")] = None
    upload_opens_at: Annotated[datetime | None, of(stages.Course, "upload_opens_at")] = None
    upload_closes_at: Annotated[datetime | None, of(stages.Course, "upload_closes_at")] = None
    exercises_name: Annotated[str, of(stages.Course, "exercises_name")] = ""
    exercises_url: Annotated[str, of(stages.Course, "exercises_url")] = ""
    exercises: Annotated[list[Named], exercise_names] = []
    description: Annotated[str, of(stages.Course, "description")] = ""


class Recording(Part):
    url: Annotated[str, of(classrooms.Recording, "url")]
    passcode: Annotated[str, of(classrooms.Recording, "passcode")] = ""
    title: Annotated[str, of(classrooms.Recording, "title")] = ""


class Material(Part):
    """An address. Files never travel."""

    title: Annotated[str, of(classrooms.Material, "title")]
    url: Annotated[str, of(classrooms.Material, "url")]
    release_at: Annotated[datetime | None, of(classrooms.Material, "release_at")] = None


class Meeting(Part):
    key: Annotated[str, of(classrooms.Meeting, "key")]
    kind: Annotated[str, of(classrooms.Meeting, "kind")] = "lesson"
    title: Annotated[str, of(classrooms.Meeting, "title")]
    course: Annotated[int | None, of(stages.Course, "number")] = None
    speaker: Annotated[str, of(classrooms.Meeting, "speaker")] = ""
    starts_at: Annotated[datetime, of(classrooms.Meeting, "starts_at")]
    ends_at: Annotated[datetime, of(classrooms.Meeting, "ends_at")]
    is_cancelled: Annotated[bool, of(classrooms.Meeting, "is_cancelled")] = False
    join_url: Annotated[str, of(classrooms.Meeting, "join_url")] = ""
    number: Annotated[str, of(classrooms.Meeting, "number")] = ""
    passcode: Annotated[str, of(classrooms.Meeting, "passcode")] = ""
    recordings: list[Recording] = []
    materials: list[Material] = []

    _series: int | None = PrivateAttr(None)  # Which of the file's series it comes from.


# `from` is a word of the file and no name in Python, so this part is made by a call.
Series = create_model(
    "Series",
    __base__=Part,
    __module__=__name__,
    __doc__="Meetings that come again and again; `read` expands it, so that a document that was read has none.",
    **{
        "key": Annotated[str, of(classrooms.Meeting, "key")],
        "kind": (Annotated[str, of(classrooms.Meeting, "kind")], "lesson"),
        "title": Annotated[str, of(classrooms.Meeting, "title")],
        "course": (Annotated[int | None, of(stages.Course, "number")], None),
        "speaker": (Annotated[str, of(classrooms.Meeting, "speaker")], ""),
        "weekdays": Annotated[list[str], some_weekdays],
        "from": Annotated[date, a_day],
        "to": Annotated[date, a_day],
        "starts": Annotated[time, a_clock],
        "ends": Annotated[time, a_clock],
        "skip": (Annotated[list[date], some_days], []),
        "join_url": (Annotated[str, of(classrooms.Meeting, "join_url")], ""),
        "number": (Annotated[str, of(classrooms.Meeting, "number")], ""),
        "passcode": (Annotated[str, of(classrooms.Meeting, "passcode")], ""),
    },
)


class Announcement(Part):
    title: Annotated[str, of(stages.Announcement, "title")]
    stage: Annotated[str | None, of(stages.Stage, "key")] = None
    published_at: Annotated[datetime, of(stages.Announcement, "published_at")]
    body: Annotated[str, of(stages.Announcement, "body")] = ""


class Criterion(Part):
    """A line of the rubric of the project stage."""

    key: Annotated[str, of(projects.Criterion, "key")]
    name: Annotated[str, of(projects.Criterion, "name")]
    description: Annotated[str, of(projects.Criterion, "description")] = ""
    weight: Annotated[int, of(projects.Criterion, "weight")] = 1
    max_points: Annotated[int, of(projects.Criterion, "max_points")] = 5


class Topic(Part):
    """A project that teams choose; `Project` above is one of the organization's open-source projects."""

    number: Annotated[int, of(projects.Project, "number")]
    title: Annotated[str, of(projects.Project, "title")]
    summary: Annotated[str, of(projects.Project, "summary")]
    support_project: Annotated[str | None, of(camps.SupportProject, "name")] = None
    difficulty: Annotated[str, of(projects.Project, "difficulty")] = "intermediate"
    skills: Annotated[list[str], some_skills] = []
    seats: Annotated[int, of(projects.Project, "seats")] = 1
    least_teams: Annotated[int, of(projects.Project, "least_teams")] = 0
    team_size_min: Annotated[int, of(projects.Project, "team_size_min")] = 1
    team_size_max: Annotated[int, of(projects.Project, "team_size_max")] = 3
    status: Annotated[str, of(projects.Project, "status")] = "draft"
    status_reason: Annotated[str, of(projects.Project, "status_reason")] = ""
    description: Annotated[str, of(projects.Project, "description")] = ""
    deliverables: Annotated[str, of(projects.Project, "deliverables")] = ""


class Round(Part):
    """When teams and mentors choose. Its seed and what became of it never travel."""

    number: Annotated[int, of(projects.SelectionRound, "number")]
    method: Annotated[str, of(projects.SelectionRound, "method")] = "matching"
    opens_at: Annotated[datetime, of(projects.SelectionRound, "opens_at")]
    closes_at: Annotated[datetime, of(projects.SelectionRound, "closes_at")]
    mentors_close_at: Annotated[datetime, of(projects.SelectionRound, "mentors_close_at")]


class ProjectStage(Part):
    """How projects are chosen, done and graded. Without mentors, teams, lists and results: people never travel."""

    stage: Annotated[str, of(stages.Stage, "key")]
    topics_published_at: Annotated[datetime | None, of(projects.ProjectStage, "topics_published_at")] = None
    proposals_close_at: Annotated[datetime | None, of(projects.ProjectStage, "proposals_close_at")] = None
    teams_lock_at: Annotated[datetime, of(projects.ProjectStage, "teams_lock_at")]
    team_size_limit: Annotated[int, of(projects.ProjectStage, "team_size_limit")] = 3
    hand_in_closes_at: Annotated[datetime, of(projects.ProjectStage, "hand_in_closes_at")]
    criteria: list[Criterion] = []
    rounds: list[Round] = []
    projects: list[Topic] = []


class Document(Part):
    organization: Organization
    camp: Camp
    links: list[Link] = []
    faq: list[FaqEntry] = []
    questions: list[Question] = []
    stages: list[Stage] = []
    courses: list[Course] = []
    series: list[Series] = []
    meetings: list[Meeting] = []
    announcements: list[Announcement] = []
    project_stage: ProjectStage | None = None
