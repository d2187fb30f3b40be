"""The project stage of a camp file: its rows brought to the file, and which rows are the file's business at all."""

from camp.campfile import identity
from camp.campfile.project_checks import HERE
from camp.campfile.sync import fields_of
from camp.projects.models import Criterion, Project, ProjectStage, SelectionRound

LISTS = ("criteria", "rounds", "projects")


def stored_stage(camp):
    """The project stage of a camp that is stored, or None."""
    related = ProjectStage.objects.select_related("stage", "camp__organization")
    return related.filter(camp=camp).first() if camp.pk else None


def topics_of(project_stage):
    """Its projects, but for those that students proposed: what people made never travels."""
    return project_stage.projects.filter(proposal=None).select_related("support_project")


def sync_project_stage(sync, part, *, camp, stages):
    """Bring the camp's project stage to its table of the file; without one it goes, with all that is in it."""
    stored = stored_stage(camp)
    if part is None:
        sync.gone += [] if stored is None else _all_of(stored)
        return
    values = fields_of(part, *LISTS) | {"stage": stages[part.stage]}
    row = sync.row(stored or ProjectStage(camp=camp), values, path=(HERE,))
    _sync_lists(sync, row, part)


def _all_of(stored):
    """Its rows in the order in which they come; they go from the last to the first."""
    return [stored, *stored.criteria.all(), *stored.rounds.all(), *topics_of(stored)]


def _sync_lists(sync, row, part):
    known = {project.name: project for project in row.camp.organization.support_projects.all()}
    for model, name, stored, key, values in (
        (Criterion, "criteria", row.criteria.all(), identity.key, fields_of),
        (SelectionRound, "rounds", row.rounds.all(), identity.number, fields_of),
        (Project, "projects", topics_of(row), identity.number, lambda topic: _topic(topic, known)),
    ):
        sync.rows(
            stored, getattr(part, name), key=key, new=lambda model=model: model(project_stage=row), values=values,
            path=(HERE, name),
        )  # fmt: skip


def _topic(part, known):
    return fields_of(part) | {"support_project": known.get(part.support_project)}
