"""An order that somebody is just making, by ids, before it is given. Plain values in, plain values out."""

from functools import partial


def _shifted(order, pk, by):
    if pk not in order:
        return order
    rest = [one for one in order if one != pk]
    place = min(max(order.index(pk) + by, 0), len(rest))
    return [*rest[:place], pk, *rest[place:]]


def _added(order, pk):
    return order if pk in order else [*order, pk]


def _removed(order, pk):
    return [one for one in order if one != pk]


ACTS = {"up": partial(_shifted, by=-1), "down": partial(_shifted, by=1), "add": _added, "remove": _removed}


def acted(order, act):
    """The order, each id once, after a press of the button `act`, such as "up:12"; other buttons change nothing."""
    order = list(dict.fromkeys(order))
    name, _colon, pk = act.partition(":")
    return ACTS[name](order, int(pk)) if name in ACTS and pk.isdecimal() else order
