"""Tables → workbook: sheets in one of three arrangements, then a summary of the images."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence
from itertools import count
from types import TracebackType
from typing import Final, Self

from converter.core.tables.model import Table
from converter.core.workbook.arrangement import Arrangement, BookContext, Sheets, SourceImage
from converter.core.workbook.joined_sheets import JoinedSheets
from converter.core.workbook.running_sheet import MOST_ROWS
from converter.core.workbook.separate_sheets import SeparateSheets
from converter.core.workbook.single_sheet import SingleSheet
from converter.core.workbook.streaming import Target, discard_book, new_book, save_book
from converter.core.workbook.summary import ImageReport, write_summary

_SHEETS: Final[dict[Arrangement, Callable[[BookContext], Sheets]]] = {
    Arrangement.SEPARATE_SHEETS: SeparateSheets,
    Arrangement.SINGLE_SHEET: SingleSheet,
    Arrangement.MERGE_SAME_COLUMNS: JoinedSheets,
}


class TableBook:
    """Builds a workbook table by table; only the current table is kept in memory.

        with TableBook("tables.xlsx") as book:
            book.add_tables("page.png", tables)
            book.add_report(ImageReport("page.png", "done", tables=len(tables)))

    Leaving the block saves the workbook, unless by an exception: then nothing is written. A sheet
    holds at most `most_rows`; further rows go on another one. The summary has `remark`. Raises
    OSError if the target cannot be written.
    """

    def __init__(
        self,
        target: Target,
        title: str = "Tables",
        arrangement: Arrangement = Arrangement.SEPARATE_SHEETS,
        most_rows: int = MOST_ROWS,
        remark: str = "",
    ) -> None:
        self._target = target
        self._book = new_book(title)
        self._context = BookContext(self._book, most_rows=most_rows)
        self._sheets = _SHEETS[arrangement](self._context)
        self._remark = remark
        self._reports: list[ImageReport] = []
        self._images = count()
        self._named: Counter[str] = Counter()  # how many images of a name were reported
        self._waiting: defaultdict[str, deque[int]] = defaultdict(deque)
        self._links: dict[int, int] = {}  # by the index of a report, its image
        self._saved = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.save()
        elif not self._saved:
            self._sheets.close()
            discard_book(self._book)

    def add_tables(self, image_name: str | None, tables: Sequence[Table]) -> None:
        """Add the tables of an image; a table without cells is left out.

        The sheets are named after the image; if its name is None, as for a single image, they are
        `Table 1`, `Table 2` …
        """
        # Pasted images all have the same name; this number is that of the summary's row.
        before = self._named[image_name] if image_name is not None else 0
        label = f"{image_name} ({before + 1})" if before else image_name
        image = SourceImage(next(self._images), image_name, label)
        if image_name is not None and tables:
            self._waiting[image_name].append(image.key)
        self._sheets.add(
            image, [(number, table) for number, table in enumerate(tables, 1) if table.cells]
        )

    def add_report(self, report: ImageReport) -> None:
        """Add a row to the summary. Images of one name are reported in the order of their tables;
        `report.tables` counts those that were added."""
        waiting = self._waiting.get(report.name)
        if report.tables and waiting:
            self._links[len(self._reports)] = waiting.popleft()
        if not waiting:
            self._waiting.pop(report.name, None)
        self._named[report.name] += 1
        self._reports.append(report)

    def save(self) -> None:
        """Write the summary, then the file. Only the first call does anything."""
        if self._saved:
            return
        self._saved = True
        try:
            spots = self._sheets.finish()
            links = {index: spots[key] for index, key in self._links.items() if key in spots}
            remark = " ".join(filter(None, (self._remark, self._sheets.remark())))
            write_summary(self._book, self._context.cells, self._reports, links, remark)
        except BaseException:
            discard_book(self._book)
            raise
        finally:
            self._sheets.close()
        save_book(self._book, self._target)
