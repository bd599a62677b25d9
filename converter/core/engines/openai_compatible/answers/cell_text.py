"""The text of one cell or paragraph, from its pieces and the tags between them."""

from __future__ import annotations

import html
import re
from typing import Final

from lxml import html as lxml_html
from lxml.etree import LxmlError

from converter.core.engines.openai_compatible.answers.maths import (
    lowered,
    plain_latex,
    raised,
    without_maths,
)
from converter.core.engines.openai_compatible.answers.tags import Tag

_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BLANK: Final = re.compile(r"[ \t\r\n\f]+")
_AROUND_BREAK: Final = re.compile(r"[ \t]*\n\s*")
_BLOCK_TAGS: Final = (
    "p div li ul ol dl dt dd br h1 h2 h3 h4 h5 h6 center blockquote pre hr tr table header "
    "footer figure figcaption section article"
)
_BLOCKS: Final = frozenset(_BLOCK_TAGS.split())
_HELD: Final = frozenset(["math", "watermark", "img", "style", "script"])
_MATHML: Final = re.compile(r"<(?:mi|mn|mo|mrow|msup|msub|mtext|mfrac)\b")
_LONGEST_FORMULA: Final = 20_000


class CellText:
    """Collects text and tags, and makes the text that a reader sees."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._held: list[str] = []
        self._holder = ""
        self._scripts: list[str] = []
        self.asides: list[str] = []
        self.unclosed = False

    def text(self, chunk: str) -> None:
        """A piece of source without tags."""
        if self._holder:
            self._held.append(chunk)
            return
        shown = _BLANK.sub(" ", unescape(chunk))
        if self._scripts:
            shown = raised(shown) if self._scripts[-1] == "sup" else lowered(shown)
        self._out.append(shown)

    def tag(self, tag: Tag) -> None:
        """A tag that is not part of a table's structure."""
        if self._holder:
            if not (tag.closing and tag.name == self._holder):
                self._held.append(tag.source)
                return
            source, self._held = "".join(self._held), []
            if self._holder == "math":
                self._out.append(_formula(source))
            elif self._holder == "watermark":
                self.asides.append(unescape(source).strip())
            self._holder = ""
        elif tag.name in _HELD:
            # A picture's description is not printed; only some models write it between tags.
            is_void = tag.void or (tag.name == "img" and "=" in tag.attributes)
            self._holder = "" if tag.closing or is_void else tag.name
        elif tag.name in {"sup", "sub"}:
            self._script(tag)
        elif tag.name in _BLOCKS:
            self._out.append("\n")
        elif tag.name == "input" and "checkbox" in tag.attributes:
            self._out.append("\u2611" if "checked" in tag.attributes else "\u2610")

    def _script(self, tag: Tag) -> None:
        if not tag.closing:
            self._scripts.append(tag.name)
        elif tag.name in self._scripts:
            self._scripts.remove(tag.name)
        else:
            self.unclosed = True

    def line(self, text: str) -> None:
        """Text that is finished, on lines of its own."""
        self._out.append(f"\n{text}\n")

    def finish(self) -> str:
        """The text: blanks as one, a line break where a reader sees one, formulas as printed."""
        if self._holder:
            self.unclosed = True
            self._out.extend(unescape(_BLANK.sub(" ", piece)) for piece in self._held)
        self.unclosed = self.unclosed or bool(self._scripts)
        text = re.sub(" {2,}", " ", "".join(self._out))
        return without_maths(_AROUND_BREAK.sub("\n", text)).strip()


def unescape(text: str) -> str:
    """The characters that entities stand for. Those without a semicolon are text: `AT&T`."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def _formula(source: str) -> str:
    """What MathML prints, or the LaTeX that some models write between its tags."""
    if not _MATHML.search(source) or len(source) > _LONGEST_FORMULA:
        return plain_latex(unescape(source).strip().strip("$"))
    try:
        return _mathml(lxml_html.fragment_fromstring(source, create_parent="math"))
    except (LxmlError, RecursionError):
        return re.sub("<[^<>]*>", " ", source)


def _mathml(element: lxml_html.HtmlElement) -> str:
    children = [_mathml(child) + (child.tail or "").strip() for child in element]
    own = (element.text or "").strip()
    if element.tag in {"msup", "msub"} and len(children) == 2:
        script = raised if element.tag == "msup" else lowered
        return children[0] + script(children[1])
    if element.tag == "mfrac" and len(children) == 2:
        return "/".join(children)
    return own + "".join(children)
