"""The weights of text models: where they are, and how they are opened.

Others ask `model_files.missing_models` whether an engine can be made, and call
`session.open_session`.
"""
