"""What the queue runs: each takes ids and calls one verb. Named by dotted string in `queue`."""

from uuid import UUID

from converter import cleanup, conversion, deletion, retention


def convert(batch_id: str) -> None:
    conversion.work_lane(UUID(batch_id))


def delete() -> None:
    deletion.clear_further()


def retain() -> None:
    retention.apply()


def sweep() -> None:
    cleanup.sweep()
