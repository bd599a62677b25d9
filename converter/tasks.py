"""What the queue runs: each takes ids, if anything, and calls one verb. Named in `queue`."""

from converter import cleanup, lanes


def work() -> None:
    lanes.work()


def sweep() -> None:
    cleanup.sweep()
