"""Lines of text cut into fragments, and fragments mended before they become tables.

Each module is a stage: `cutting` first, then `strokes`, `dashes`, `dittos` and `leaders`.
"""
