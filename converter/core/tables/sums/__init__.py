"""Numbers of a table that follow from others of it: sums, differences, products, shares, balances.

`relations.find_relations` finds what a table shows, `culprits.blamed` who is to blame where it
fails; others call `core.tables.checks`. Nothing here knows where a table comes from.
"""
