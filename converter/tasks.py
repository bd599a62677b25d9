"""What the queue runs: each takes ids, if anything, and calls one verb. Named in `queue`."""

from converter import cleanup, conversion, deletion, retention


def work() -> None:
    conversion.work()


def delete() -> None:
    deletion.clear_further()


def retain() -> None:
    retention.apply()


def sweep() -> None:
    cleanup.sweep()
