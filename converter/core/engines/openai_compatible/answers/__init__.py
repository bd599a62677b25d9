"""Parsers of what vision models write: HTML, Markdown, OTSL, LaTeX and JSON become tables and text.

`parse.parse_answer` reads an answer in any of these forms into an `answer.ParsedAnswer`, whole or
cut; `answer.require_whole` raises an error for one that cannot be trusted.
"""
