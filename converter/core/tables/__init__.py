"""Tables as values: cells on a grid, the numbers and dates in their texts, and doubt.

Others call `values.table_values`, `doubt.reasons`, `edits.apply_all` and `joining.Joiner`, and take
the types of `model`: Box, Word, Cell, Table. It knows neither images nor workbooks.
"""
