"""Which stored row a part of the file means: by its slug, key, title or the like, or by what it asks."""

from collections import Counter
from operator import attrgetter

slug, number, key, name = (attrgetter(field) for field in ("slug", "number", "key", "name"))
title, question, label, url = (attrgetter(field) for field in ("title", "question", "label", "url"))


def asked(requirement):
    """What a requirement asks, stored or in the file. How much of it may change; a tick of staff stays with it."""
    if requirement.kind == "item":
        return requirement.kind, requirement.item
    course = requirement.course
    return requirement.kind, getattr(course, "number", course)


def numbered(parts, what):
    """Pairs of (what, how many of the same came before) and the part, for what may be there twice."""
    seen = Counter()
    for part in parts:
        value = what(part)
        yield (value, seen[value]), part
        seen[value] += 1


def matched(stored, parts, what):
    """For each part the stored row that it means, or None. A stored row is meant once."""
    rows = dict(numbered(stored, what))
    return [rows.pop(name, None) for name, _part in numbered(parts, what)]


def matched_groups(stored, parts):
    """Groups by their label; those left over by their order, so that a new wording is no new group."""
    found = matched(stored, parts, label)
    rest = iter([row for row in stored if row not in found])
    return [row or next(rest, None) for row in found]


def in_time(announcements):
    """Announcements in an order that is the same in the file and in the database."""
    return sorted(announcements, key=lambda row: (row.published_at, row.title, row.body))
