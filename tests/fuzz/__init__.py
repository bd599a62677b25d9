"""Fuzzing by coverage: atheris feeds each of our own parsers bytes that reach new lines of it.

`python -m tests.fuzz` does so for minutes; `test_targets` has each target read its seeds.
"""
