"""How pictures come in: the upload handler that bounds a request, and the intake of files.

Doors and imports call `intake`; Django calls `handler`.
"""
