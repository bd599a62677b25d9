"""The tasks that the queue runs. Each takes ids at most, and calls one verb.

`workers.queue` has their names. A task that ends wakes others for the work that is left. Which kind
of work wakes which is decided here, so that none of them depends on the others.
"""

from uuid import UUID

from converter.accounts import sessions
from converter.batches import claims, deletion, rerun, retention
from converter.fields import outliers
from converter.imports import claims as fetch_claims
from converter.imports import fetcher
from converter.maintenance import orphans, recovery
from converter.reading import worker_loop
from converter.uploads import looking, pending
from converter.webhooks import sender
from converter.workers import queue


def work() -> None:
    worker_loop.work()
    queue.wake_further(claims.is_work_waiting)
    queue.fetch_further(fetch_claims.is_waiting)
    queue.look_further(pending.is_waiting)


def delete() -> None:
    deletion.clear_further()


def retain() -> None:
    retention.apply()
    sessions.prune()
    orphans.clear_strangers()


def copy(draft_id: str) -> None:
    rerun.copy(UUID(draft_id))


def compare(batch_id: str) -> None:
    outliers.compare(UUID(batch_id))


def deliver() -> None:
    sender.deliver()
    # A reading task that ended meanwhile has found this one in the queue and woken nobody.
    queue.wake_further(claims.is_work_waiting)
    sender.resume()


def fetch() -> None:
    fetcher.work()
    queue.wake_further(claims.is_work_waiting)  # reading has the next turn
    queue.fetch_further(fetch_claims.is_waiting)


def look() -> None:
    looking.work()
    queue.wake_further(claims.is_work_waiting)  # reading has the next turn
    queue.look_further(pending.is_waiting)


def sweep() -> None:
    recovery.sweep()
