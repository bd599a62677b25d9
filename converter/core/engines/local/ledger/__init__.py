"""The ledger of a page: every piece of print ends in a cell, beside the tables, or as not read.

`account.unread_print` finds what no line says, `unread_cells.with_unread` marks the cells that hold
it, and `beside` tells what stands around the tables and what they may miss.
"""
