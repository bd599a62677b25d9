"""Where lines of text are on a page: a detector, a small one before it, and their boxes.

Others use `small_detector.SmallDetector`, and `detection` for the large one.
"""
