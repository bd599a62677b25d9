"""The local engine: text by packaged models, tables by geometry, nothing from the network.

Others make `engine.LocalEngine` once for a process, and ask `model_files.missing_models` whether it
can be made. Arrays, boxes, glyphs, fragments, lines and ruling lines are types that stages share.
"""
