"""Formulas become what is printed, and money stays money."""

from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.answers.maths import (
    lowered,
    plain_latex,
    raised,
    without_maths,
)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"10^{-3}", "10⁻³"),
        (r"x_{12}", "x₁₂"),
        (r"\frac{1}{2}", "1/2"),
        (r"\frac{a+b}{c}", "(a+b)/c"),
        (r"\sqrt{x+1}", "√(x+1)"),
        (r"\mathrm{kg}\,m^{-2}", "kg m⁻²"),
        (r"5 \pm 1", "5 ± 1"),
        (r"\mu g", "μg"),
        (r"20^\circ C", "20°C"),
        (r"20^{\circ}", "20°"),
        (r"\left( x \right)", "( x )"),
        (r"\text{a b} \% \& \$", "a b % & $"),
        (r"caf\'e \"{o} \~n", "café ö ñ"),
        (r"\unknown x", r"\unknown x"),
        (r"{a{b}c", "abc"),
        (r"a}b", "ab"),
        ("^", ""),
        ("\\", "\\"),
        ("{" * 5_000, ""),
    ],
)
def test_latex_as_printed(source: str, shown: str):
    assert plain_latex(source) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("$x$", "x"),
        (r"\(x\) and \[y\]", "x and y"),
        ("$$z$$", "z"),
        ("$5", "$5"),
        ("$5 and $6", "$5 and $6"),
        ("$5-$10", "$5-$10"),
        ("$5 or US$", "$5 or US$"),
        ("$n = 5$", "n = 5"),
        ("US$5 $a^2$", "US$5 a²"),
        (r"\$5 \% \textbf{b}", "$5 % b"),
        (r"C:\temp", r"C:\temp"),
        ("5 $ 6 $", "5 $ 6 $"),
    ],
)
def test_formulas_in_text(text: str, shown: str):
    assert without_maths(text) == shown


def test_digits_are_raised_and_letters_stay():
    assert (raised("-12a*"), lowered("2n")) == ("⁻¹²a*", "₂n")
