"""What the queue runs: each takes ids, if anything, and calls one verb. Named in `queue`."""

from uuid import UUID

from converter import again, cleanup, comparisons, deletion, fetching, lanes, retention, webhooks


def work() -> None:
    lanes.work()


def delete() -> None:
    deletion.clear_further()


def retain() -> None:
    retention.apply()


def copy(draft_id: str) -> None:
    again.copy(UUID(draft_id))


def compare(batch_id: str) -> None:
    comparisons.compare(UUID(batch_id))


def deliver() -> None:
    webhooks.deliver()


def fetch() -> None:
    fetching.work()


def sweep() -> None:
    cleanup.sweep()
