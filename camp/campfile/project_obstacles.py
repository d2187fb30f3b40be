"""What a file cannot do to a project stage that people are in already. Only asks; nothing is changed here."""

from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camp.campfile.mistakes import Mistake
from camp.campfile.project_checks import HERE, rows, unknown_support_projects
from camp.campfile.projects import stored_stage, topics_of
from camp.camps.models import SupportProject
from camp.projects.models import (
    AllocationRun,
    ManualMove,
    MentorChoice,
    Placement,
    Preference,
    PreferenceList,
    Project,
    Proposal,
    Refusal,
)
from camp.projects.work.rubric_use import use_of

# What may hang on a row of a kind, and by which field: a file that leaves such a row out is refused.
ON_A_PROJECT = (
    (Preference, gettext_lazy("choices of teams")),
    (Refusal, gettext_lazy("teams that its mentor refused")),
    (ManualMove, gettext_lazy("manual moves")),
    (Placement, gettext_lazy("placements of teams")),
)
ON_A_ROUND = (
    (PreferenceList, gettext_lazy("lists of teams")),
    (MentorChoice, gettext_lazy("choices of mentors")),
    (Refusal, gettext_lazy("teams that a mentor refused")),
    (AllocationRun, gettext_lazy("allocation runs")),
    (Placement, gettext_lazy("placements of teams")),
)
PUT_BACK = gettext_lazy("%(row)s is no longer in the file, but it has %(what)s. Put it back.")


def obstacles(document, camp, *, at):
    """Mistakes of the table [project_stage] that only the database knows of. `camp` may be new."""
    part = document.project_stage
    yield from _open_source_gone(document, camp)
    if part and "projects" not in document.organization.model_fields_set:
        stored = SupportProject.objects.filter(organization__slug__iexact=document.organization.slug)
        yield from unknown_support_projects(part, list(stored.values_list("name", flat=True)))
    project_stage = stored_stage(camp)
    if project_stage and part is None:
        yield from _stage_gone(project_stage)
    elif project_stage:
        yield from _settings(project_stage, part)
        yield from _gone(topics_of(project_stage), part, "projects", on="project", uses=ON_A_PROJECT)
        yield from _gone(project_stage.rounds, part, "rounds", on="round", uses=ON_A_ROUND)
        yield from _rounds(project_stage, part, at=at)
        yield from _topics(project_stage, part)
        yield from _rubric(project_stage, part)


def _open_source_gone(document, camp):
    """An open-source project to which another camp's topics, or those of students, belong stays."""
    organization = document.organization
    if "projects" not in organization.model_fields_set:
        return
    kept = [project.name for project in organization.projects]
    stored = SupportProject.objects.filter(organization__slug__iexact=organization.slug).exclude(name__in=kept)
    topics = Project.objects.filter(support_project=OuterRef("pk"))
    used = stored.filter(
        Exists(topics.exclude(project_stage__camp=camp.pk))
        | Exists(topics.exclude(proposal=None))
        | Exists(Proposal.objects.filter(support_project=OuterRef("pk")))
    )
    for name in used.values_list("name", flat=True):
        sentence = _("Project “%(name)s” is no longer in the file, but topics of camps belong to it. Put it back.")
        yield Mistake(("organization", "projects"), sentence % {"name": name})


def _stage_gone(project_stage):
    used = {
        _("mentors"): project_stage.mentors.exists(),
        _("teams"): project_stage.teams.exists(),
        _("allocation runs"): AllocationRun.objects.filter(round__project_stage=project_stage).exists(),
    }
    if any(used.values()):
        what = _(", ").join(name for name, is_used in used.items() if is_used)
        yield Mistake((), PUT_BACK % {"row": _("The table [project_stage]"), "what": what})


def _settings(project_stage, part):
    """Teams stay in their stage, and none is larger than a team may be."""
    teams = project_stage.teams.standing().aggregate(number=Count("pk"), largest=Max("size"))
    if teams["number"] and part.stage != project_stage.stage.key:
        sentence = _("There are teams already, so it stays where it is: stage = “%(key)s”.")
        yield Mistake((HERE, "stage"), sentence % {"key": project_stage.stage.key})
    if teams["number"] and part.team_size_limit < teams["largest"]:
        sentence = _("A team has %(people)d people already. Write at least that many.")
        yield Mistake((HERE, "team_size_limit"), sentence % {"people": teams["largest"]})


def _gone(stored, part, name, *, on, uses):
    """Rows that the file no longer has although something of people hangs on them."""
    kept = [row.number for row in getattr(part, name)]
    for row in stored.exclude(number__in=kept):
        if what := _what_hangs_on(row, on, uses):
            yield Mistake((HERE, name), PUT_BACK % {"row": _row_name(row), "what": _(", ").join(what)})


def _what_hangs_on(row, on, uses):
    return [str(what) for model, what in uses if model.objects.filter(**{on: row}).exists()]


def _row_name(row):
    words = {"project": _("Project %(number)d"), "selectionround": _("Round %(number)d")}
    return words[row._meta.model_name] % {"number": row.number}


def _rounds(project_stage, part, *, at):
    """A round that is closed stays so, and a published one is as it was; but for one in which nobody said anything."""
    stored = {row.number: row for row in project_stage.rounds.all() if row.fixed_fields(at)}
    for path, part_of_file in rows(part, "rounds"):
        row = stored.get(part_of_file.number)
        if row and (row.is_published or _what_hangs_on(row, "round", ON_A_ROUND)):
            yield from _fixed_round(row, part_of_file, path, at=at)


def _fixed_round(row, part, path, *, at):
    if row.is_published:
        sentence = _("The result of this round is published. Write what it was: %(before)s.")
    else:
        sentence = _("The lists of this round are closed. Write what it was: %(before)s. Add a round for late teams.")
    for name in row.fixed_fields(at):
        before = getattr(row, name)
        if getattr(part, name) != before:
            yield Mistake((*path, name), sentence % {"before": _as_written(before, row.project_stage.camp)})


def _as_written(value, camp):
    """As a file would write it: moments go by the clock of the camp."""
    return value.astimezone(camp.zone).strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else f"“{value}”"


def _topics(project_stage, part):
    """Numbers of proposed topics are taken; what teams chose keeps its state, and who is placed keeps the seat."""
    proposed = set(project_stage.projects.exclude(proposal=None).values_list("number", flat=True))
    chosen = Exists(Preference.objects.filter(project=OuterRef("pk")))
    placed = Count("placements", distinct=True)
    stored = {row.number: row for row in topics_of(project_stage).annotate(is_chosen=chosen, placed=placed)}
    for path, topic in rows(part, "projects"):
        if topic.number in proposed:
            sentence = _("%(number)d is the number of a topic that students proposed. Choose another.")
            yield Mistake((*path, "number"), sentence % {"number": topic.number})
        elif row := stored.get(topic.number):
            yield from _used_topic(row, topic, path)


def _used_topic(row, topic, path):
    if row.is_chosen and topic.status != row.status:
        sentence = _("Teams have this project on their lists: change its state in the admin, so that they are told. "
                     "On the site it is “%(status)s”.")  # fmt: skip
        yield Mistake((*path, "status"), sentence % {"status": row.status})
    if topic.seats < row.placed:
        sentence = _("%(placed)d teams have a seat already. Write at least that many.")
        yield Mistake((*path, "seats"), sentence % {"placed": row.placed})


def _rubric(project_stage, part):
    """Points that mentors gave keep their criterion, and no criterion has fewer than were given.

    Once a student reads a grade, what it was reckoned by stays: no criterion comes, and none weighs something else.
    """
    use = use_of(project_stage)
    for key in use.given.keys() - {row.key for row in part.criteria}:
        sentence = _("Criterion “%(key)s” is no longer in the file, but has points (%(n)d times). Put it back.")
        yield Mistake((HERE, "criteria"), sentence % {"key": key, "n": use.given[key]})
    stored = {row.key: row for row in project_stage.criteria.all()}
    for path, row in rows(part, "criteria"):
        if row.max_points < use.most[row.key]:
            sentence = _("A student has %(points)s points by this criterion. Write at least that many.")
            yield Mistake((*path, "max_points"), sentence % {"points": use.most[row.key]})
        elif use.is_published:
            yield from _published_criterion(stored.get(row.key), row, path)


def _published_criterion(stored, row, path):
    if stored is None:
        sentence = _("Grades by this rubric are published, so no criterion is added. Take it out.")
        yield Mistake((*path, "key"), sentence)
        return
    for name in ("weight", "max_points"):
        before = getattr(stored, name)
        if getattr(row, name) != before:
            sentence = _("Grades by this rubric are published, so this stays %(before)d.")
            yield Mistake((*path, name), sentence % {"before": before})
