"""Which answers lead to which calls, as OpenAPI's links: found by what ids are called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

_METHODS: Final = ("get", "put", "post", "patch", "delete")
_ALSO: Final = {"file_id": "job_id"}  # a job's id is a file id too, and is there at once
# What a step leads on to, both by the ends of their paths; what makes something leads to all steps.
_UNDER_WAY: Final = ("status", "results", "events", "cancel", "retry")
_NEXT: Final = {
    "images": ("images", "start"),
    "start": _UNDER_WAY,
    "retry": _UNDER_WAY,
    "cancel": ("status", "retry"),
}

Document = dict[str, Any]


def link(document: Document) -> None:
    """Have the answers to what makes or starts something tell which calls take their ids."""
    links: dict[str, Any] = {}
    for path, method, operation in _operations(document):
        for status, answer in operation["responses"].items():
            if method == "post" and str(status).startswith("2"):
                found = dict(_links(document, path, _ids(document, answer)))
                links |= found
                if found:
                    answer["links"] = {name: {"$ref": _WHERE.format(name)} for name in found}
    document["components"]["links"] = links


_WHERE: Final = "#/components/links/{}"


def _links(document: Document, made_at: str, ids: set[str]) -> Iterator[tuple[str, Any]]:
    for path, _, operation in _operations(document):
        wanted = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"]
        told = {name: _source(name, ids, below=path.startswith(f"{made_at}/{{")) for name in wanted}
        if wanted and all(told.values()) and _leads_on(made_at, path):
            parameters = {name: f"$response.body#/{source}" for name, source in told.items()}
            name = operation["operationId"]
            yield name, {"operationId": name, "parameters": parameters}


def _leads_on(made_at: str, path: str) -> bool:
    is_step = "{" in made_at
    return not is_step or _end(path) in _NEXT.get(_end(made_at), ())


def _end(path: str) -> str:
    return path.rpartition("/")[2]


def _source(name: str, ids: set[str], *, below: bool) -> str | None:
    """What an answer calls the id that a path wants; plainly `id` where the path is below it."""
    names = (_ALSO.get(name, name), name, *(["id"] if below else []))
    return next((one for one in names if one in ids), None)


def _ids(document: Document, answer: dict[str, Any]) -> set[str]:
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    return set(document["components"]["schemas"].get(name, {}).get("properties", ()))


def _operations(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield path, method, methods[method]
