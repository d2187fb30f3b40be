"""The entry rules of a camp file: groups and requirements are matched so that no tick of staff is lost."""

from camp.campfile import identity
from camp.campfile.sync import fields_of, positions
from camp.stages.models import Requirement, RequirementGroup, Stage


def stored_requirements(stage):
    """A stage's requirements in their order, with all that names them."""
    rows = Requirement.objects.filter(group__stage=stage).select_related("course", "group__stage__camp")
    return rows.order_by("group__position", "group_id", "position", "id")


def matched_requirements(stage, part):
    """Pairs of a requirement of the file and the stored one that it means, or None."""
    wanted = [requirement for group in part.entry for requirement in group.requirements]
    return list(zip(wanted, identity.matched(stored_requirements(stage), wanted, identity.asked), strict=True))


def sync_rules(sync, document, *, stages, courses):
    for stage in [row for row in sync.gone if isinstance(row, Stage)]:
        sync.gone += stored_requirements(stage)
    for index, part in enumerate(document.stages):
        sync_rule(sync, stages[part.key], part, courses=courses, path=("stages", index, "entry"))


def sync_rule(sync, stage, part, *, courses, path):
    """Groups first, then their requirements, which may have moved from one to another. What is gone goes last."""
    stored = list(stage.requirement_groups.all())
    found = identity.matched_groups(stored, part.entry)
    sync.gone += [row for row in stored if row not in found]
    pairs = matched_requirements(stage, part)
    kept = {row for _part, row in pairs if row}
    sync.gone += [row for row in stored_requirements(stage) if row not in kept]
    pairs = iter(pairs)
    for index, (row, group, position) in enumerate(zip(found, part.entry, positions(found), strict=True)):
        values = fields_of(group, "requirements") | {"position": position}
        row = sync.row(row or RequirementGroup(stage=stage), values, path=(*path, index))
        own = [next(pairs) for _requirement in group.requirements]
        sync_requirements(sync, row, own, courses=courses, path=(*path, index, "requirements"))


def sync_requirements(sync, group, pairs, *, courses, path):
    rows = [row for _part, row in pairs]
    for index, ((part, row), position) in enumerate(zip(pairs, positions(rows), strict=True)):
        values = fields_of(part) | {"course": courses.get(part.course), "position": position, "group": group}
        sync.row(row or Requirement(group=group), values, path=(*path, index))
