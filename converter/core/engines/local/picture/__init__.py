"""The pixels of a page, which way up it is, and how it becomes flat and straight.

Others call `orientation`, `flattening` and `straighten`, and look at ink through `ink`.
"""
