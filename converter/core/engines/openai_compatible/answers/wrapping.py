"""Removes what surrounds an answer: code fences, thinking, and tokens of chat templates."""

from __future__ import annotations

import re
from typing import Final

from converter.core.engines.openai_compatible.answers.answer import Cut

_THINKING: Final = re.compile(r"<(/?)(think|thinking|reasoning)>")
_OTSL: Final = "fcel|ecel|lcel|ucel|xcel|nl|ched|rhed|srow"
_SPELT_OTSL: Final = re.compile(rf"<\|({_OTSL})\|>")
_GROUNDING: Final = r"/?(?:ref|det)"
_TOKEN: Final = re.compile(
    rf"<\|im_start\|>[ \t]*(?:assistant|user|system)?[ \t]*\n?"
    rf"|<\|(?!{_GROUNDING}\|)/?[\w-]{{1,40}}\|>"
    r"|<\uff5c[^<>\uff5c\n]{1,40}\uff5c>"
    r"|</?(?:bos|eos|pad|unk|end_of_turn|start_of_turn)>"
    r"|^\s*<s>(?!.*</s>.)|</s>\s*$"
)
_CUT_TOKEN: Final = re.compile(r"<[|\uff5c][^<>\n]{0,40}$")
_LONGEST_TOKEN: Final = 50
_FENCE_LINE: Final = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*[\w.+-]*[ \t]*\r?$\n?", re.MULTILINE)
_FENCE_BEFORE: Final = re.compile(r"^[ \t]*`{3,}[A-Za-z]*(?=[ \t]*[<\[{|-])", re.MULTILINE)
_FENCE_BEHIND: Final = re.compile(r"(?<=[>\]}|])[ \t]*`{3,}[ \t]*\r?$", re.MULTILINE)


def unwrap(text: str) -> tuple[str, frozenset[Cut]]:
    """The text without thinking, special tokens and fences, and whether it was cut in one.

    The tokens of OTSL become its tags, and those of grounding stay: they say what is where.
    """
    body, cuts = _without_thinking(text)
    body = _TOKEN.sub("", _SPELT_OTSL.sub(r"<\1>", body))
    # A line that is only a fence holds no part of an answer, so pairs need not be matched.
    for fence in (_FENCE_LINE, _FENCE_BEFORE, _FENCE_BEHIND):
        body = fence.sub("", body)
    token = _CUT_TOKEN.search(body, max(0, len(body) - _LONGEST_TOKEN))
    return (body[: token.start()], cuts | {Cut.OPEN_TAG}) if token else (body, cuts)


def _without_thinking(text: str) -> tuple[str, frozenset[Cut]]:
    kept: list[str] = []
    end = 0
    for match in _THINKING.finditer(text):
        if match.start() < end:
            continue
        if match[1]:  # without an opening tag, all text before it is thinking
            kept, end = [], match.end()
            continue
        kept.append(text[end : match.start()])
        closing = f"</{match[2]}>"
        at = text.find(closing, match.end())
        if at < 0:
            return "".join(kept), frozenset({Cut.OPEN_THINKING})
        end = at + len(closing)
    return "".join([*kept, text[end:]]), frozenset()
