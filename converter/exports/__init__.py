"""What people download: workbooks, CSV, JSON and archives, made while they are sent.

Doors choose a format from `formats` and stream what it makes; `workbooks` writes XLSX from rows.
"""
