"""What is found on a page, as plain values: boxes, characters, fragments, lines, ruling lines.

Stages take and return these; none of them knows a stage.
"""
