"""Workbooks: tables and fields as XLSX, streamed so that thousands of tables fit in memory."""
