"""Tests of what asks somebody else's server."""
