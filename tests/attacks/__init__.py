"""Attacks on the intake of a running app: files and lists that cost far more than they weigh.

`python -m tests.attacks` sends all of them; `test_attacks` a selection in every run of the tests.
"""
