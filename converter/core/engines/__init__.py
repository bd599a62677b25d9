"""Engines: each reads one image and returns a `Reading`. `protocol` is their common contract.

Others call `registry.make_engine`, and `trial` to check that an engine really reads images.
"""
