"""The description of the API for people: what its page shows, read from the schema."""

import json
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from camp.rankings.readapi import openapi
from camp.rankings.readapi.operations import ALL


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a body or an answer."""

    name: str
    kind: str
    description: str


@dataclass(frozen=True)
class Answer:
    status: str
    description: str
    shape: str


@dataclass(frozen=True)
class Section:
    """One operation. `example`: a command for the shell; `answer`: what it prints."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    is_own: bool
    parameters: list
    body: str
    answers: list
    example: str
    answer: str


@dataclass(frozen=True)
class Schema:
    name: str
    fields: list


def sections():
    paths = openapi.document()["paths"]
    return [_section(one, paths[one.path][one.method]) for one in ALL]


def _section(operation, told):
    shown = told["responses"]["200"]["content"]["application/json"]
    return Section(
        name=operation.name, method=operation.method.upper(), path=operation.path, summary=_(operation.summary),
        description=_(operation.description), is_own=operation.own,
        parameters=[_parameter(one) for one in told["parameters"]],
        body=operation.body.__name__ if operation.body else "",
        answers=[_answer(status, one) for status, one in told["responses"].items()],
        example=_command(operation, told), answer=_written(shown["example"]),
    )  # fmt: skip


def _parameter(told):
    return Field(told["name"], _kind(told["schema"]), _(told["description"]))


def _answer(status, told):
    shape = told["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2] if "content" in told else ""
    return Answer(status, _(told["description"]), shape if shape in _described() else "")


def _described():
    """The shapes that have fields to describe; the schema itself has none."""
    schemas = openapi.document()["components"]["schemas"]
    return {name: schema["properties"] for name, schema in schemas.items() if "properties" in schema}


def _command(operation, told):
    path = operation.path
    for parameter in told["parameters"]:
        path = path.replace(f"{{{parameter['name']}}}", str(parameter.get("example", "")))
    words = [f"curl '{settings.SITE_URL}{path}'"]
    if operation.own:
        words.append(f'-H "Cookie: {settings.SESSION_COOKIE_NAME}=$SESSION"')
    words += [HEADERS[name] for name in operation.needs]
    if operation.body:
        body = json.dumps(told["requestBody"]["content"]["application/json"]["example"], ensure_ascii=False)
        words += ["-H 'Content-Type: application/json'", f"-d '{body}'"]
    return " \\\n  ".join(words)


HEADERS = {"identityToken": '-H "Authorization: Bearer $TOKEN"', "courseToken": '-H "token: $CAMP_TOKEN"'}


def _written(example):
    return json.dumps(example, ensure_ascii=False, indent=2)


def schemas():
    """The shapes that bodies and answers are made of, each field with its kind."""
    return [Schema(name, [_field(*one) for one in fields.items()]) for name, fields in _described().items()]


def _field(name, told):
    return Field(name, _kind(told), _(told["description"]) if "description" in told else "")


def _kind(schema):
    """The type of a schema in a few words, such as `string | null`."""
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_kind(choice) for choice in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if schema.get("type") == "array":
        return f"[{_kind(schema['items'])}]"
    return " ".join(filter(None, [schema.get("format") or schema.get("type", ""), _bounds(schema)]))


def _bounds(schema):
    """Between which numbers, where both are named, such as `1–200`."""
    least, most = schema.get("minimum"), schema.get("maximum")
    return "" if least is None or most is None else f"{least}–{most}"
