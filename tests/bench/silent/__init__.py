"""Planted errors: how many of them the text of a table gives away, and what that costs.

`python -m tests.bench.silent CORPUS` plants errors of each kind in true tables.
"""
