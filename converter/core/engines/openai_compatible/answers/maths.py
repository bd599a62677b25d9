"""LaTeX within a text becomes the characters that are printed."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize

_SUPER: Final = str.maketrans("0123456789+-\u2212=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
_SUB: Final = str.maketrans("0123456789+-\u2212=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")

_GREEK_NAMES: Final = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi"
    " pi rho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi"
    " Sigma Phi Psi Omega"
)
_GREEK: Final = dict(
    zip(_GREEK_NAMES.split(), "αβγδϵεζηθϑικλμνξπρσςτυϕφχψωΓΔΘΛΞΠΣΦΨΩ", strict=True)
)
_SYMBOLS: Final = _GREEK | {
    "pm": "±", "mp": "∓", "times": "\u00d7", "div": "÷", "cdot": "·", "ast": "*", "star": "⋆",
    "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥", "lt": "<",
    "gt": ">", "ll": "≪", "gg": "≫", "ne": "≠", "neq": "≠", "approx": "≈", "sim": "~",
    "simeq": "≃", "equiv": "≡", "propto": "∝", "infty": "∞", "partial": "∂", "nabla": "∇",
    "sum": "∑", "prod": "∏", "int": "∫", "in": "∈", "notin": "∉", "cup": "\u222a", "cap": "∩",
    "rightarrow": "→", "to": "→", "leftarrow": "←", "uparrow": "↑", "downarrow": "↓",
    "leftrightarrow": "↔", "Rightarrow": "⇒", "Leftarrow": "⇐", "Leftrightarrow": "⇔",
    "ldots": "…", "dots": "…", "cdots": "⋯", "vdots": "⋮", "textellipsis": "…",
    "dagger": "†", "dag": "†", "ddagger": "‡", "ddag": "‡", "S": "§", "P": "¶", "bullet": "•",
    "circ": "∘", "degree": "°", "textdegree": "°", "prime": "\u2032", "checkmark": "✓",
    "square": "☐", "Box": "☐", "boxtimes": "☒", "boxdot": "☑", "XBox": "☒", "CheckedBox": "☑",
    "mid": "|", "vert": "|", "Vert": "‖", "lbrace": "{", "rbrace": "}", "langle": "⟨",
    "rangle": "⟩", "backslash": "\\", "textbackslash": "\\", "textasciitilde": "~",
    "textasciicircum": "^", "textbar": "|", "textless": "<", "textgreater": ">", "euro": "€",
    "texteuro": "€", "pounds": "£", "textsterling": "£", "yen": "¥", "textdollar": "$",
    "textendash": "\u2013", "textemdash": "—", "hline": "", "quad": " ", "qquad": " ", "ss": "ß",
    "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å",
    "log": "log", "ln": "ln", "exp": "exp", "min": "min", "max": "max", "sin": "sin",
    "cos": "cos", "tan": "tan", "lim": "lim", "Pr": "Pr", "newline": "\n", "i": "i", "j": "j",
}  # fmt: skip
_DROPPED_NAMES: Final = (
    "left right big Big bigg Bigg displaystyle textstyle limits nolimits centering noindent "
    "raggedright raggedleft bf it rm sf tt sc em bfseries itshape mdseries scshape ttfamily "
    "rmfamily sffamily normalfont tiny scriptsize footnotesize small normalsize large Large "
    "LARGE huge Huge arraybackslash strut null relax protect hfill hskip"
)
_DROPPED: Final = frozenset(_DROPPED_NAMES.split())
_WRAPPER_NAMES: Final = (
    "text textrm textbf textit textsf texttt textsc textmd textnormal textup emph underline "
    "uline mathrm mathbf mathit mathsf mathtt mathbb mathcal mathnormal operatorname boldsymbol "
    "bm mbox hbox overline bar hat tilde vec makecell thead shortstack fbox boxed ensuremath "
    "rotatebox parbox tnote footnotemark num"
)
_WRAPPERS: Final = frozenset(_WRAPPER_NAMES.split())
_SUNK: Final = frozenset(["label", "vspace", "hspace", "cellcolor", "rowcolor", "phantom"])
_TWO: Final = frozenset(["textcolor", "colorbox", "parbox", "rotatebox", "href"])
_RAISED: Final = frozenset(["textsuperscript", "tnote", "footnotemark", "textsubscript"])
_ACCENTS: Final = dict(zip("'`^\"~=.", "\u0301\u0300\u0302\u0308\u0303\u0304\u0307", strict=True))

_TOKEN: Final = re.compile(
    r"\\(?P<name>[A-Za-z]+)[ \t]*|\\(?P<mark>.)|(?P<brace>[{}])|(?P<script>[\^_])"
    r"|(?P<plain>[^\\{}^_~]+)|(?P<other>.)",
    re.DOTALL,
)
_MATHS: Final = re.compile(
    r"\\\((?P<round>[^\n]{1,300}?)\\\)|\\\[(?P<square>[^\n]{1,300}?)\\\]"
    r"|\$\$(?P<double>[^$\n]{1,300})\$\$"
    r"|(?<![\\$\w])\$(?P<dollar>(?!\s)(?:\\.|[^$\\\n]){1,300})(?<!\s)\$(?![\d$])"
)
_MARKED: Final = re.compile(r"[\\^_{]")
_RELATION: Final = re.compile(r"[=<>≤≥±\u00d7≈]")
_LOOSE: Final = re.compile(
    r"\\(?:text(?:bf|it|rm|sc|tt|superscript|subscript)|emph|math(?:rm|bf|it)|underline|boldsymbol)"
    r"\{[^{}]*\}"
    r"|\\(?:pm|times|leq?|geq?|approx|cdot|ldots|dagger|degree|checkmark|square|boxtimes|infty"
    r"|alpha|beta|mu|rightarrow)(?![A-Za-z])"
    r"|\\[%$&#_]"
)
_SPACED: Final = frozenset("±∓\u00d7÷≤≥≪≫≠≈~≃≡∝→←↔⇒⇐⇔∈∉\u222a∩·…☐☑☒✓")
_UNRAISED: Final = {"∘": "°", "°": "°", "\u2032": "\u2032"}  # as scripts
_DEEPEST: Final = 30


def raised(text: str) -> str:
    """`text` as a superscript: 10³ and not 103. Letters stay: they cannot be misread this way."""
    return text.translate(_SUPER)


def lowered(text: str) -> str:
    """`text` as a subscript, as far as Unicode has them."""
    return text.translate(_SUB)


def without_maths(text: str) -> str:
    """`text` with its formulas, between dollars or `\\(` and `\\)`, as they are printed.

    Dollars that are money stay: the text between two of them begins or ends with a blank, or is
    words.
    """
    if "\\" not in text and "$" not in text:
        return text
    return _LOOSE.sub(lambda match: plain_latex(match[0]), _MATHS.sub(_formula, text))


def plain_latex(source: str) -> str:
    """The characters that LaTeX prints for `source`. Commands that are not known stay."""
    return _Reader(source).read(depth=0)


def _formula(match: re.Match[str]) -> str:
    inner = match["round"] or match["square"] or match["double"] or match["dollar"]
    is_money = match["dollar"] and " " in inner and not _MARKED.search(inner)
    if is_money and not _RELATION.search(inner):
        return match[0]
    return plain_latex(inner).strip()


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def read(self, depth: int) -> str:
        """All up to the brace that closes this group."""
        out: list[str] = []
        while (piece := self._piece(depth)) is not None:
            out.append(piece)
        return "".join(out)

    def _piece(self, depth: int) -> str | None:
        match = _TOKEN.match(self._source, self._at)
        self._at = match.end() if match else self._at
        if match is None or (match["brace"] == "}" and depth):
            return None
        if match["brace"] == "{":
            return self.read(depth + 1) if depth < _DEEPEST else ""
        if match["script"]:
            inner = self._argument(depth)
            shown = raised(inner) if match["script"] == "^" else lowered(inner)
            return _UNRAISED.get(inner, shown)
        if match["name"]:
            return self._command(match["name"], match[0], depth)
        if match["mark"]:
            return self._mark(match["mark"], depth)
        return "" if match["brace"] else match[0].replace("~", " ")

    def _argument(self, depth: int) -> str:
        """The argument of a command or a script: a group, a command, or one character."""
        while self._source[self._at : self._at + 1].isspace():
            self._at += 1
        following = self._source[self._at : self._at + 1]
        if following in {"{", "\\"}:
            return (self._piece(depth) if depth < _DEEPEST else None) or ""
        self._at += len(following)
        return following

    def _option(self) -> None:
        """Skip an option in square brackets."""
        if self._source[self._at : self._at + 1] == "[":
            end = self._source.find("]", self._at, self._at + 40)
            self._at = end + 1 if end > 0 else self._at

    def _command(self, name: str, written: str, depth: int) -> str:
        if name in _SYMBOLS:
            # The blank behind a command shows in 5 ± 1, but not in μg.
            is_spaced = _SYMBOLS[name] in _SPACED and written[-1:].isspace()
            return _SYMBOLS[name] + (" " if is_spaced else "")
        if name in _DROPPED:
            return ""
        if name in {"frac", "dfrac", "tfrac", "nicefrac", "sfrac"}:
            return f"{_grouped(self._argument(depth))}/{_grouped(self._argument(depth))}"
        if name == "sqrt":
            return f"\u221a{_grouped(self._argument(depth))}"
        if name in _RAISED:
            inner = self._argument(depth)
            return lowered(inner) if name == "textsubscript" else raised(inner)
        return self._wrapper(name, written, depth)

    def _wrapper(self, name: str, written: str, depth: int) -> str:
        if name in _SUNK or name in _TWO:
            self._option()
            self._argument(depth)
        if name in _SUNK:
            return ""
        if name in _WRAPPERS or name in _TWO:
            self._option()
            return self._argument(depth)
        return written

    def _mark(self, mark: str, depth: int) -> str:
        if mark == "\\":
            return "\n"
        if mark in ",;: \n":
            return " "
        if mark in "!/()[]":
            return ""
        letter = self._source[self._at : self._at + 1]
        if mark in _ACCENTS and (letter.isalpha() or letter == "{"):
            return normalize("NFC", self._argument(depth) + _ACCENTS[mark])
        return mark


def _grouped(text: str) -> str:
    return text if len(text) < 2 or text.isalnum() else f"({text})"
