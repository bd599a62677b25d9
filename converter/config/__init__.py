"""What the settings say of reading, as options of the core, which reads no settings itself.

Others call `options`: `engine_choice`, `second_engine`, `remote_options` and `image_limits`.
"""
