"""Tests of those who listen."""
