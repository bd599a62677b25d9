"""What must hold once the dust has settled, asked of the rows and the files themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from tests.drill import engine
from tests.drill.site import Site
from tests.drill.visitor import PROGRAM, SENT, Promise

SETTLED = "('done', 'failed', 'cancelled')"

# Notes every step of every image, in the transaction that takes it.
_TABLE = "CREATE TABLE drill_step (image BIGINT, before TEXT, after TEXT, settlement BIGINT)"
_SQLITE = """
CREATE TRIGGER drill_note AFTER UPDATE OF state ON converter_batchimage WHEN OLD.state <> NEW.state
BEGIN INSERT INTO drill_step VALUES (NEW.id, OLD.state, NEW.state, NEW.settlement); END"""
_FUNCTION = """
CREATE FUNCTION drill_note() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO drill_step VALUES (NEW.id, OLD.state, NEW.state, NEW.settlement); RETURN NEW;
END $$"""
_POSTGRESQL = """
CREATE TRIGGER drill_note AFTER UPDATE ON converter_batchimage FOR EACH ROW
WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION drill_note()"""

STEPS = {
    ("waiting", "running"),
    ("waiting", "cancelled"),
    ("running", "done"),
    ("running", "failed"),
    ("running", "waiting"),
    ("running", "cancelled"),
    ("failed", "waiting"),  # a person asked for it
    ("cancelled", "waiting"),  # this too
}

_NONE = {
    "a batch is stuck": "SELECT id, state, total, done, failed, cancelled FROM converter_batch"
    " WHERE state IN ('queued', 'running')",
    "an image is not settled": "SELECT i.id, i.name, i.state FROM converter_batchimage i"
    " JOIN converter_batch b ON b.id = i.batch_id"
    f" WHERE b.state <> 'draft' AND i.state NOT IN {SETTLED}",
    "a result is lost": "SELECT i.id, i.name FROM converter_batchimage i"
    " LEFT JOIN converter_result r ON r.image_id = i.id WHERE i.state = 'done' AND r.id IS NULL",
    "a result belongs to an image that is not done": "SELECT i.id, i.name, i.state"
    " FROM converter_batchimage i JOIN converter_result r ON r.image_id = i.id"
    " WHERE i.state <> 'done'",
    "a result is double": "SELECT image_id, count(*) FROM converter_result"
    " GROUP BY image_id HAVING count(*) > 1",
    "a failure has no reason": "SELECT id, name FROM converter_batchimage"
    " WHERE state = 'failed' AND (error_code = '' OR error = '')",
    "the counters differ from the rows": "SELECT * FROM (SELECT b.id, b.state, b.total,"
    " b.done, b.failed, b.cancelled, count(i.id) AS rows_total,"
    " sum(CASE WHEN i.state = 'done' THEN 1 ELSE 0 END) AS rows_done,"
    " sum(CASE WHEN i.state = 'failed' THEN 1 ELSE 0 END) AS rows_failed,"
    " sum(CASE WHEN i.state = 'cancelled' THEN 1 ELSE 0 END) AS rows_cancelled"
    " FROM converter_batch b LEFT JOIN converter_batchimage i"
    " ON i.batch_id = b.id AND i.removed IS NULL"
    " GROUP BY b.id, b.state, b.total, b.done, b.failed, b.cancelled) AS counted"
    " WHERE total <> rows_total OR done <> rows_done OR failed <> rows_failed"
    " OR cancelled <> rows_cancelled",
    "the bytes differ from the rows": "SELECT * FROM (SELECT b.id, b.size, coalesce((SELECT"
    " sum(i.size) FROM converter_batchimage i WHERE i.batch_id = b.id), 0) AS rows_size"
    " FROM converter_batch b) AS counted WHERE size <> rows_size",
    "a batch was started short": "SELECT id, state, total FROM converter_batch"
    f" WHERE name = '{PROGRAM}' AND state <> 'draft' AND total <> {SENT}",
    "a draft of a call is left": "SELECT id FROM converter_batch WHERE state = 'draft'"
    " AND made_by <> '' AND deleted IS NULL",
    "a batch has ended in the wrong state": "SELECT id, state, total, done, failed, cancelled"
    " FROM converter_batch WHERE (state = 'done' AND done <> total)"
    " OR (state = 'partial' AND (failed = 0 OR done = 0)) OR (state = 'failed' AND done > 0)",
    "a settled image has no number, or one that its batch has not given": "SELECT i.id, i.state,"
    " i.settlement, b.settlements FROM converter_batchimage i"
    " JOIN converter_batch b ON b.id = i.batch_id"
    f" WHERE (i.state IN {SETTLED}) <> (i.settlement IS NOT NULL) OR i.settlement > b.settlements",
    # Also of those that were retried since.
    "two settlements have had one number": "SELECT i.batch_id, s.settlement, count(*)"
    " FROM drill_step s JOIN converter_batchimage i ON i.id = s.image"
    " WHERE s.settlement IS NOT NULL GROUP BY i.batch_id, s.settlement HAVING count(*) > 1",
    "the end of a batch was not told": "SELECT b.id, b.state FROM converter_batch b"
    " WHERE b.webhook_url <> '' AND b.state <> 'draft' AND NOT EXISTS"
    " (SELECT 1 FROM converter_delivery d WHERE d.batch_id = b.id AND d.event = CASE b.state"
    " WHEN 'done' THEN 'job.completed' ELSE 'job.' || b.state END)",
    # Each step is noted in the transaction that takes it, and so is the message that tells of it.
    "images were not told as often as they were read": "SELECT * FROM (SELECT b.id,"
    " (SELECT count(*) FROM drill_step s JOIN converter_batchimage i ON i.id = s.image"
    " WHERE i.batch_id = b.id AND s.before = 'running' AND s.after IN ('done', 'failed')) AS steps,"
    " (SELECT count(*) FROM converter_delivery d WHERE d.batch_id = b.id"
    " AND d.event LIKE 'image.%') AS told"
    " FROM converter_batch b WHERE b.webhook_per_image) AS counted WHERE steps <> told",
    "a message waits that nobody will send": "SELECT id, event, state FROM converter_delivery"
    " WHERE state = 'waiting'",
    # Each settling but the last was undone by a person's retry.
    "an image was not settled exactly once": "SELECT image, sum(steps) FROM (SELECT image,"
    f" CASE WHEN after IN {SETTLED} THEN 1 WHEN before IN {SETTLED} THEN -1 ELSE 0 END AS steps"
    " FROM drill_step WHERE image IN (SELECT id FROM converter_batchimage)) AS counted"
    " GROUP BY image HAVING sum(steps) <> 1",
}


def install(site: Site) -> None:
    """Have the database itself note what becomes of each image."""
    connection = site.apps[0].connect()
    for statement in statements(is_sqlite=site.is_sqlite):
        connection.execute(statement)
    connection.commit()
    connection.close()


def statements(*, is_sqlite: bool) -> list[str]:
    return [_TABLE, _SQLITE] if is_sqlite else [_TABLE, _FUNCTION, _POSTGRESQL]


def broken(site: Site) -> list[str]:
    """The invariants that do not hold, each with the rows or files to blame."""
    return [*_broken_by_rows(site), *_broken_by_files(site), *_broken_by_results(site)]


def misread(site: Site) -> list[str]:
    """Images that did not end as their name asks for, once faults are over and failures retried."""
    rows = site.query(
        "SELECT i.name, i.state, i.error_code FROM converter_batchimage i"
        " JOIN converter_batch b ON b.id = i.batch_id WHERE b.state <> 'draft'"
    )
    return [
        f"{name} ended {state} {code}, not {_ending(name)}"
        for name, state, code in rows
        if state != "cancelled" and (state, code) != _ending(name)
    ]


def unkept(site: Site, promises: Iterable[Promise]) -> list[str]:
    """What somebody was told over the web that is not so."""
    columns = "SELECT CAST(id AS TEXT), state, total FROM converter_batch"
    rows = {UUID(pk): (state, total) for pk, state, total in site.query(columns)}
    return [
        f"{promise} is {rows.get(promise.batch)}"
        for promise in promises
        if promise.batch not in rows
        or rows[promise.batch][1] < promise.images
        or (promise.is_started and rows[promise.batch][0] == "draft")
    ]


def is_quiet(site: Site) -> bool:
    """Is every started batch settled, every deleted one gone, no webhook and no task left?"""
    [(busy,)] = site.query(
        "SELECT count(*) FROM converter_batch"
        " WHERE state IN ('queued', 'running') OR deleted IS NOT NULL"
    )
    [(held,)] = site.query("SELECT count(*) FROM converter_batchimage WHERE state = 'running'")
    [(untold,)] = site.query("SELECT count(*) FROM converter_delivery WHERE state = 'waiting'")
    return busy == held == untold == 0 and tasks(site) == 0


def tasks(site: Site) -> int:
    """How many tasks wait or are at work."""
    [(count,)] = site.query("SELECT count(*) FROM django_q_ormq")
    return int(count)


def _ending(name: str) -> tuple[str, str]:
    code = engine.FAILS.get(name.partition("-")[0])
    return ("failed", code) if code else ("done", "")


def _broken_by_rows(site: Site) -> Iterator[str]:
    for what, sql in _NONE.items():
        if rows := site.query(sql):
            yield f"{what}: {rows}"
    steps = set(site.query("SELECT DISTINCT before, after FROM drill_step"))
    if strange := steps - STEPS:
        yield f"an image took a step that there is not: {strange}"
    [(kept,)] = site.query("SELECT count(*) FROM django_q_task")
    if kept:
        yield f"{kept} tasks are kept that have ended"


def _broken_by_files(site: Site) -> Iterator[str]:
    rows = {name for (name,) in site.query("SELECT file FROM converter_batchimage")}
    files = site.files()
    names = [file.rpartition("/")[2] for file in files]
    if lost := rows - set(names):
        yield f"rows without a file: {lost}"
    if stray := [file for file, name in zip(files, names, strict=True) if name not in rows]:
        yield f"files without a row: {stray}"
    if len(names) != len(set(names)):
        yield "a file is there twice"


def _broken_by_results(site: Site) -> Iterator[str]:
    rows = site.query(
        "SELECT i.name, r.reading FROM converter_result r"
        " JOIN converter_batchimage i ON i.id = r.image_id"
    )
    mixed = [name for name, reading in rows if f'"{name}"' not in _text(reading)]
    if mixed:
        yield f"results of another image: {mixed}"


def _text(reading: object) -> str:
    return str(reading).replace("'", '"')
