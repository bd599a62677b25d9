"""What the queue runs: each takes ids and calls one verb. Named by dotted string in `queue`."""

from uuid import UUID

from converter import again, cleanup, conversion


def convert(batch_id: str) -> None:
    conversion.work_lane(UUID(batch_id))


def copy(draft_id: str) -> None:
    again.copy(UUID(draft_id))


def sweep() -> None:
    cleanup.sweep()
