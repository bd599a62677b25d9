"""Tests of the engine that asks a vision model."""
