"""Workbooks: tables and fields as XLSX, streamed so that thousands of tables fit in memory.

Others call `tables_book.TableBook` and `fields_book.write_fields`, with `summary.ImageReport` and
`arrangement.Arrangement`. Sheets, styles and text are the other modules' concern.
"""
