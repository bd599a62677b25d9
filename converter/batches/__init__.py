"""The life of a batch: drafts, lifecycle, claims, progress, deletion.

Doors call the verbs of `drafts`, `lifecycle`, `rerun` and `deletion`; workers take images through
`claims`, which alone writes the state of an image.
"""
