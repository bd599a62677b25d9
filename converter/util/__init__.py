"""What knows nothing of this app: the ids in log lines, and text that people type.

Everybody above the core may call `logs` and `text_input`.
"""
