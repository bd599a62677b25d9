"""Words for numbers that change while a person watches."""

from __future__ import annotations

from math import ceil
from typing import Final

from converter.imports.results import ImportProgress, Status
from converter.models import Batch, BatchImage, BatchState, Result


def progress_line(batch: Batch, seconds_left: float | None) -> str:
    """`File 2 of 3 · 67 % · about 4 s left`: finished files, their share, what is to come."""
    if batch.state == BatchState.CANCELLED:
        return f"File {batch.tried} of {batch.total} · cancelled"
    if not batch.is_settled:
        ending = "paused" if batch.is_paused else time_left(seconds_left)
    elif batch.running_since and batch.settled:
        ending = f"took {duration((batch.settled - batch.running_since).total_seconds())}"
    else:
        ending = batch.get_state_display().lower()
    return f"File {batch.finished} of {batch.total} · {batch.percent} % · {ending}"


def spent(batch: Batch) -> str:
    """`12,345 tokens · $0.0123`: what an API took for a batch; empty if none was asked."""
    if not batch.tokens:
        return ""
    tokens = f"{batch.tokens:,} tokens"
    return f"{tokens} · {price(batch.cost)}" if batch.cost else tokens


def facts(result: Result) -> str:
    """`1 table · 3 doubtful · 2.4 s · $0.0005`: what a reading is, and what it took."""
    tables = [] if result.image.card is not None else [_counted(result.tables, "table")]
    parts = [*tables, f"{result.doubtful} doubtful"]
    parts += ["taken over"] if result.taken_over else [f"{result.seconds:.1f} s"]
    parts += [f"{result.tokens:,} tokens"] if result.tokens else []
    parts += [price(result.cost)] if result.cost is not None else []
    return " · ".join(parts)


def delimiter(sign: str) -> str:
    """The name of a delimiter."""
    names = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    return names.get(sign, f"“{sign}”")


def import_line(now: ImportProgress) -> str:
    """`12 of 40 pictures fetched, 2 failed`, and then `9 of 38 images read`."""
    failed = f", {now.not_fetched:,} failed" if now.not_fetched else ""
    line = f"{now.fetched:,} of {_counted(now.addresses, 'picture')} fetched{failed}"
    if not now.total or now.status == Status.FETCHING:
        return line
    unread = f", {now.failed:,} not" if now.failed else ""
    return f"{line} · {now.done:,} of {_counted(now.total, 'image')} read{unread}"


def import_announcement(now: ImportProgress) -> str:
    """How an import ended."""
    if now.status == Status.COMPLETED:
        return "Every row has its result"
    if now.status == Status.PARTIAL:
        return "Some rows have no result, or not all of it; the results say why"
    if now.status == Status.CANCELLED:
        return "Cancelled; what was read stays"
    return "None of the pictures could be read; the results say why"


FREE: Final = "This choice costs nothing."


def price_line(images: int, per_image: float | None) -> str:
    """What so many images will cost, as far as it is known."""
    if per_image is None:
        return "What that costs is not known yet: nothing was measured here lately."
    line = f"Lately about {price(per_image)} an image here"
    if images < 2:
        return f"{line}."
    return f"{line}: about {price(per_image * images)} for these {images:,}."


def price(dollars: float) -> str:
    """`$1.20`, `$0.0005`: with as many places as there is something to see in."""
    return f"${dollars:.2f}" if dollars >= 1 else f"${dollars:.4f}" if dollars else "$0"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def time_left(seconds: float | None) -> str:
    return "estimating…" if seconds is None else f"about {duration(seconds)} left"


def duration(seconds: float) -> str:
    """`4 s`, `3 min`, `2 h 5 min`: as precise as it is useful."""
    if seconds <= 59:
        return f"{max(1, ceil(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def announcement(batch: Batch) -> str:
    """One sentence on how a batch ended, for a screen reader as well as for the eye."""
    files = f"{batch.total} file{'s' if batch.total > 1 else ''}"
    if batch.state == BatchState.CANCELLED:
        return f"{batch.done} of {files} had been read before it was cancelled, and are kept."
    if not batch.failed:
        return f"{batch.done} of {files} read."
    return f"{batch.done} of {files} read, {batch.failed} failed."


def needs(doubtful: int, unread: int, nothing_found: int, failed: int) -> str:
    """`14 doubtful cells, 1 image with nothing found`: what a person has to look at; or ""."""
    parts = [_counted(doubtful, "doubtful cell")] if doubtful else []
    parts += [f"{_counted(unread, 'place')} outside of tables that could not be read"] * bool(
        unread
    )
    parts += [f"{_counted(nothing_found, 'image')} with nothing found"] * bool(nothing_found)
    parts += [f"{_counted(failed, 'image')} failed"] * bool(failed)
    return ", ".join(parts)


_CHANGES: Final = {
    "remove": "{} removed.",
    "undo": "Put back.",
    "left": "{} turned to the left.",
    "right": "{} turned to the right.",
    "earlier": "{} moved.",
    "later": "{} moved.",
    "number": "{} moved.",
    "before": "{} moved.",
    "end": "{} moved.",
    "sort": "Sorted by name.",
    "forget": "List cleared.",
}


def change(verb: str, count: int, image: BatchImage | None) -> str:
    """What has just been done to images of a draft, for a screen reader."""
    what = image.display_name if image else f"{count} images"
    return _CHANGES[verb].format(what)
