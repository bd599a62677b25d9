"""A list of pictures on the web, as people keep it: a CSV file → columns, rows and addresses.

`encodings` makes text of bytes, `records` rows of text, `columns` finds what the columns are,
`addresses` what stands in a cell, and `reading` puts it together. Nothing is fetched here.
"""
