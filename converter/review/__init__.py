"""Review: people look at what is in doubt and put it right; what was read stays beneath.

Doors call `trail` to make, undo and redo edits, `earlier` for what was said before an image was
read again, `repeats` to take one over to other cells of the
batch, `queue` for what is to be looked at next, `random_checks` for what nothing marked, and
`reservations` for who has an image open.
"""
