"""The text of a page: finds and reads its lines, with a place for every character.

Others call `text.TextReader`, which returns `page_text.PageText`, and `missed.with_missed`.
"""
