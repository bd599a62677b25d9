"""Tests of the running app, as a person uses it, in headless Chromium."""
