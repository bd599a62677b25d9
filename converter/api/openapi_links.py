"""Links of the OpenAPI document: which operations take the ids of a response, found by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

_METHODS: Final = ("get", "put", "post", "patch", "delete")
_ALSO: Final = {"file_id": "job_id"}  # a job id is a file id too
# The next steps after each step, by the ends of their paths. Creating something links to all steps.
_UNDER_WAY: Final = ("status", "results", "events", "cancel", "retry")
_NEXT: Final = {
    "images": ("images", "start"),
    "start": _UNDER_WAY,
    "retry": _UNDER_WAY,
    "cancel": ("status", "retry"),
}

Document = dict[str, Any]


def link(document: Document) -> None:
    """Add links to the responses of operations that create or start something."""
    links: dict[str, Any] = {}
    for path, method, operation in _operations(document):
        for status, answer in operation["responses"].items():
            if method == "post" and str(status).startswith("2"):
                schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
                name = schema.get("$ref", "").rpartition("/")[2]
                properties = document["components"]["schemas"].get(name, {}).get("properties", ())
                found = dict(_links(document, path, set(properties)))
                links |= found
                if found:
                    answer["links"] = {name: {"$ref": _WHERE.format(name)} for name in found}
    document["components"]["links"] = links


_WHERE: Final = "#/components/links/{}"


def _links(document: Document, made_at: str, ids: set[str]) -> Iterator[tuple[str, Any]]:
    for path, _, operation in _operations(document):
        wanted = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"]
        sources = {}
        for name in wanted:
            # The id of a path below the creating one may be plainly called `id`.
            names = [_ALSO.get(name, name), name, *["id"] * path.startswith(f"{made_at}/{{")]
            sources[name] = next((one for one in names if one in ids), None)
        is_next = "{" not in made_at or _end(path) in _NEXT.get(_end(made_at), ())
        if wanted and all(sources.values()) and is_next:
            parameters = {name: f"$response.body#/{source}" for name, source in sources.items()}
            name = operation["operationId"]
            yield name, {"operationId": name, "parameters": parameters}


def _end(path: str) -> str:
    return path.rpartition("/")[2]


def _operations(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield path, method, methods[method]
