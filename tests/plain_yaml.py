"""A strict reader of the YAML that a workflow needs: maps, lists of maps, plain and quoted texts, `|` blocks.

No YAML library is among the dependencies. Whatever else stands in a file (tabs, anchors, flow maps that are not empty,
a key that stands twice) is an error, so what is read here means the same to every YAML reader.
"""

import re

KEY = re.compile(r"(?P<key>[A-Za-z_][\w-]*):(?: (?P<value>.+))?")
PLAIN = re.compile(r"[^\s\[\]{}&*!|>'\"%@`#,?:-](?:(?!: | #).)*")


def load(text):
    if "\t" in text:
        raise ValueError("a tab")
    lines = [line.rstrip() for line in text.splitlines()]
    value, rest = _block(lines, _next(lines, 0), 0)
    if _next(lines, rest) < len(lines):
        raise ValueError(f"line {rest + 1} is out of place: {lines[rest]}")
    return value


def _indent(line):
    return len(line) - len(line.lstrip(" "))


def _next(lines, number):
    """The next line with something on it that is no comment."""
    while number < len(lines) and (not lines[number] or lines[number].lstrip().startswith("#")):
        number += 1
    return number


def _block(lines, number, indent):
    reader = _list if lines[number].lstrip().startswith("- ") else _map
    return reader(lines, number, indent)


def _list(lines, number, indent):
    items = []
    while number < len(lines) and _indent(lines[number]) == indent and lines[number].lstrip().startswith("- "):
        lines[number] = lines[number].replace("- ", "  ", 1)
        item, number = _map(lines, number, indent + 2)
        items.append(item)
    return items, number


def _map(lines, number, indent):
    found = {}
    while number < len(lines) and _indent(lines[number]) == indent:
        match = KEY.fullmatch(lines[number].strip())
        if not match or match["key"] in found:
            raise ValueError(f"line {number + 1} is no new key: {lines[number]}")
        found[match["key"]], number = _value(lines, number, indent, match["value"])
        number = _next(lines, number)
    return found, number


def _value(lines, number, indent, text):
    if text == "|":
        return _literal(lines, number + 1)
    if text:
        return _scalar(text), number + 1
    below = _next(lines, number + 1)
    if below < len(lines) and _indent(lines[below]) > indent:
        return _block(lines, below, _indent(lines[below]))
    return None, number + 1


def _literal(lines, number):
    indent, begin = _indent(lines[number]), number
    while number < len(lines) and (not lines[number] or _indent(lines[number]) >= indent):
        number += 1
    return "\n".join(line[indent:] for line in lines[begin:number]).rstrip("\n") + "\n", number


def _scalar(text):
    if text == "{}":
        return {}
    if text[0] == text[-1] == "'" and "'" not in text[1:-1]:
        return text[1:-1]
    if re.fullmatch(r"\[('[^']*'(, )?)+\]", text):
        return re.findall(r"'([^']*)'", text)
    if not PLAIN.fullmatch(text) and not re.fullmatch(r"\$\{\{ [^{}]+ \}\}", text):
        raise ValueError(f"not a plain text: {text}")
    return {"true": True, "false": False}.get(text, int(text) if text.isdigit() else text)
