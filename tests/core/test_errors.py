"""A defect of ours is shown in one wording, with what follows from it."""

from __future__ import annotations

import pytest

from converter.core.errors import TablexlError, unexpected


@pytest.mark.parametrize(
    ("error", "last"),
    [
        (unexpected(), "Try again later."),
        (unexpected("It is tried again."), "It is tried again."),
        (unexpected(then=""), "the log has it."),
    ],
)
def test_a_defect_has_one_code_and_says_what_is_next(error, last):
    assert error.code == "unexpected"
    assert error.message.startswith("Something went wrong in Tablexl itself; the log has it.")
    assert error.message.endswith(last)


def test_an_unknown_code_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="unknown error code"):
        TablexlError("no_such_code", "x")
