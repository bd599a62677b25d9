"""Tests of what becomes of models' answers."""
