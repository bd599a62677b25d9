"""A list of pictures on the web: a CSV file → columns, rows and addresses. Nothing is fetched here.

Others call `reading.read` and take the types of `model`. `encodings` turns bytes into text,
`records` text into rows, and `columns` finds out what the columns hold.
"""
