"""The local engine: text by packaged models, tables by geometry, nothing from the network.

Others make `engine.LocalEngine` once for a process, and ask `networks.model_files.missing_models`
whether it can be made. `pipeline` lists its stages; what they share stands in `page`.
"""
