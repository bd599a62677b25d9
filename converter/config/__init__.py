"""What the settings choose: the engine that reads, and the limits of an image.

Others call `engine_choice.readers()` and `image_limits.limits()`; only packages above the core read
settings.
"""
