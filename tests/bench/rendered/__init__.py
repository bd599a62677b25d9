"""Renders tables in many looks with a browser, with exact truth: cells, boxes, lines, roles.

`python -m tests.bench.rendered OUT` writes a set of images per family of looks; see `__main__`.
`tables.Supply` gives the content, `family.FAMILIES` the looks, `page.Renderer` the truth.
"""
