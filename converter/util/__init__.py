"""Tools that know nothing of this app: ids in log lines, and text that people type.

Everybody above the core may call `logs` and `text_input`.
"""
