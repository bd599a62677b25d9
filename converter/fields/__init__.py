"""Fields mode: templates, their editor, the values of a card, corrections, outliers.

Pages and API call `templates`, `editor`, `cards.rows_of` and `corrections`; the queue calls
`outliers.compare` when all cards of a batch are read.
"""
