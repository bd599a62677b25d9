"""What the queue runs: each takes ids, if anything, and calls one verb. Named in `queue`."""

from converter import cleanup, conversion


def work() -> None:
    conversion.work()


def sweep() -> None:
    cleanup.sweep()
