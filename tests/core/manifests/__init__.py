"""Tests of what reads lists of pictures."""
