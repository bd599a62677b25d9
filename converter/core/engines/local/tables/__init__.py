"""Fragments and ruling lines become tables: first their regions, then the grid of each.

`pipeline` calls `regions.find_regions`, and the steps of `grid` on a `draft.Draft` of each region.
"""
