"""What a queued task says: which of our own tasks, and ids. Anything else is refused.

django-q2 pickles its tasks, and a worker calls whatever function they name; a pickle alone can run
code. In place of that, a payload is JSON, still signed with the secret key, and a worker unpacks it
only if the task is on our list and its arguments are ids.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.core.signing import BadSignature

_KEPT: Final = ("id", "name", "func", "args")

logger = logging.getLogger(__name__)


class TaskSerializer:
    """In place of the class by which django-q2 packs and unpacks tasks; see `allow`."""

    allowed: Mapping[str, str] = MappingProxyType({})

    @staticmethod
    def dumps(task: dict[str, Any] | object) -> bytes:
        if not isinstance(task, dict):
            return b"null"  # django-q2's statistics, which nobody reads
        packed = {name: task[name] for name in _KEPT} | {"started": task["started"].isoformat()}
        return json.dumps(packed, default=str).encode()

    @classmethod
    def loads(cls, data: bytes) -> dict[str, Any]:
        """The task. Raises BadSignature, as a payload that was forged deserves."""
        try:
            packed = json.loads(data)
            return {
                "id": str(packed["id"]),
                "name": str(packed["name"]),
                "func": cls.allowed[packed["func"]],
                "args": tuple(str(UUID(one)) for one in packed["args"]),
                "kwargs": {},
                "started": datetime.fromisoformat(packed["started"]),
                "ack_failure": True,
            }
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            logger.warning("A queued task was refused: %r", error)
            raise BadSignature("no task of ours") from error


def allow(tasks: Collection[str]) -> type[TaskSerializer]:
    """The class with these tasks on its list."""
    TaskSerializer.allowed = {task: task for task in tasks}
    return TaskSerializer
