"""Ruling lines and the edges of coloured bands, found in the picture of a page.

Others call `ruling_line_detection.find_rules` and `bands.find_bands`.
"""
