"""The description of the API as an OpenAPI 3.1 document, made from the shapes that requests and answers really have."""

import json
from functools import cache

from django.conf import settings
from django.utils.translation import gettext_noop as _
from pydantic.json_schema import models_json_schema

from camp.rankings.readapi import operations, shapes
from camp.rankings.readapi.samples import MEANINGS, PATH, SAMPLES

REF = "#/components/schemas/{model}"
PATH_PARAMETERS = {
    "organization": (_("The organization, as in the address of the camp's page."), {"type": "string"}),
    "slug": (_("The camp, as in the address of its page."), {"type": "string"}),
    "number": (_("The number of the course, as in the address of its page."), {"type": "integer", "minimum": 1}),
}
TAG = {
    "ETag": {
        "description": "Send it back as If-None-Match: 304 when nothing has changed.",
        "schema": {"type": "string"},
    }
}
TITLE = "Camp API"
ABOUT = (
    "Boards, your own standing, uploads and exercises. Times are in UTC. A parameter that is not named here is refused."
)


@cache
def text():
    return json.dumps(document(), ensure_ascii=False, separators=(",", ":")).encode()


@cache
def document():
    paths = {}
    for operation in operations.ALL:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": "1", "description": ABOUT},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": _schemas(), "securitySchemes": _securities()},
    }


def _operation(operation):
    told = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.description,
        "parameters": [*_in_path(operation), *_in_query(operation)],
        "responses": {str(status): _answer(operation, status) for status in sorted(operation.answers)},
    }
    if operation.body:
        told["requestBody"] = {"required": True, "content": _content(operation.body)}
    securities = ["session"] if operation.own else operation.needs
    return told | ({"security": [{name: []} for name in securities]} if securities else {})


def _in_path(operation):
    for name, (description, schema) in PATH_PARAMETERS.items():
        if f"{{{name}}}" in operation.path:
            about = {"description": description, "schema": schema, "example": PATH[name]}
            yield {"name": name, "in": "path", "required": True} | about


def _in_query(operation):
    """Each optional parameter as what it may be when it is sent; that it may be missing is said by `required`."""
    for name, schema in operation.query.model_json_schema()["properties"].items():
        sent = {key: value for key, value in schema.items() if key not in ("title", "description", "anyOf")}
        if "anyOf" in schema:
            sent = next(choice for choice in schema["anyOf"] if choice != {"type": "null"})
        yield {"name": name, "in": "query", "required": False, "description": schema["description"], "schema": sent}


def _answer(operation, status):
    shape, about = operation.answers[status], {"description": MEANINGS[status]}
    if operation.is_reading and status in (200, 304):
        about["headers"] = TAG
    return about | ({"content": _content(shape)} if shape else {})


def _content(shape):
    example = {"example": SAMPLES[shape].model_dump(mode="json")} if shape in SAMPLES else {}
    return {"application/json": {"schema": {"$ref": REF.format(model=shape.__name__)}} | example}


def _schemas():
    used = {shape for operation in operations.ALL for shape in (*operation.answers.values(), operation.body) if shape}
    told = [(shape, "serialization" if issubclass(shape, shapes.Shape) else "validation") for shape in used]
    _names, definitions = models_json_schema(sorted(told, key=lambda pair: pair[0].__name__), ref_template=REF)
    return definitions["$defs"]


def _securities():
    return {
        "session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
        "identityToken": {"type": "http", "scheme": "bearer", "description": "The OIDC token of a CI run."},
        "courseToken": {"type": "apiKey", "in": "header", "name": "token", "description": "The course's upload token."},
    }
