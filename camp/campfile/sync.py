"""Bring stored rows to what the file says: write what differs, say so, and remember what has to go."""

from datetime import datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from camp.campfile.mistakes import CampFileError, Mistake
from camp.campfile.values import tidy

PARENTS = {"camp", "organization", "group", "meeting", "project_stage"}  # Known to be there: the load holds them.


class Sync:
    """Rows that the file no longer has are removed by `finish`, the last kind first, after nothing needs them."""

    def __init__(self, report, source, *, zone):
        self.report, self.source, self.zone = report, source, zone
        self.gone = []

    def row(self, row, values, *, path):
        """Write the values in which the row differs; without any it is left alone."""
        is_new = row.pk is None
        fields = [
            (name, getattr(row, name, None), new) for name, new in values.items() if is_new or differs(row, name, new)
        ]
        if not fields:
            self.report.add("left", row)
            return row
        for name, _old, new in fields:
            setattr(row, name, new)
        self._check(row, values, path)
        row._change_reason = "load_camp"
        row.save(force_insert=is_new, update_fields=None if is_new else [name for name, _old, _new in fields])
        self.report.add("created" if is_new else "changed", row, () if is_new else self._in_zone(fields))
        return row

    def rows(self, stored, parts, *, key, new, values, path):
        """One kind of rows against its list in the file. Returns the written rows in the file's order.

        `path` leads to the list; where its parts come from several places, it is a list with the path of each.
        """
        stored = {key(row): row for row in stored}
        found = [stored.pop(key(part), None) for part in parts]
        self.gone += stored.values()
        paths = path if isinstance(path, list) else [(*path, index) for index in range(len(parts))]
        return [
            self.row(row or new(), values(part) | order, path=own)
            for row, part, order, own in zip(found, parts, orders(new, found), paths, strict=True)
        ]

    def _check(self, row, values, path):
        """The model has the last word. What it refuses is a mistake at the row's place in the file."""
        try:
            row.full_clean(exclude=PARENTS | {"upload_id"}, validate_unique=False)
        except ValidationError as error:
            raise CampFileError(
                [
                    Mistake(path if name == NON_FIELD_ERRORS or name not in values else (*path, name), sentence)
                    for name, sentences in error.message_dict.items()
                    for sentence in sentences
                ],
                self.source,
            ) from None

    def _in_zone(self, fields):
        """Moments are shown as the file writes them."""
        return [(name, *(in_zone(value, self.zone) for value in values)) for name, *values in fields]

    def finish(self):
        for row in reversed(self.gone):
            self.report.add("removed", row)
            row._change_reason = "load_camp"
            row.delete()


def differs(row, name, new):
    old = getattr(row, name)
    return (tidy(row._meta.get_field(name), old) if isinstance(old, str) else old) != new


def in_zone(value, zone):
    return value.astimezone(zone) if isinstance(value, datetime) else value


def orders(new, rows):
    """The position of each row (None: a new one) in the file's order, where its kind has one."""
    if not hasattr(new(), "position"):
        return [{} for _row in rows]
    return [{"position": position} for position in positions(rows)]


def positions(rows):
    """Stored rows keep their positions when they come in their order and new ones after them."""
    stored = [(row.position, row.pk) for row in rows if row]
    if stored != sorted(stored) or None in rows[: len(stored)]:
        return list(range(len(rows)))
    after = stored[-1][0] + 1 if stored else 0
    return [position for position, _pk in stored] + list(range(after, after + len(rows) - len(stored)))


def fields_of(part, *without):
    """A part's values by field name."""
    return {name: getattr(part, name) for name in type(part).model_fields if name not in without}
