"""Measures accuracy and speed. Not a test: nothing is asserted."""
