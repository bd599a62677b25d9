"""Lone dashes and points: detectors drop them, and recognisers take them for letters."""

from __future__ import annotations

from collections.abc import Sequence

from converter.core.engines.local.fragments.dashes import mend_dashes
from converter.core.engines.local.fragments.points import with_points
from converter.core.engines.local.page.boxes import line_height
from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.ruling_lines import RulingLines
from converter.core.engines.local.picture.ink import marks_of_print
from converter.core.engines.local.picture.pictures import Gray


def mend_small_signs(
    fragments: Sequence[Fragment], gray: Gray, rules: RulingLines
) -> list[Fragment]:
    """Fragments of a page (h, w) with lone dashes and points, from one look at its marks."""
    if not fragments:
        return []
    marks = marks_of_print(gray, line_height(fragment.box for fragment in fragments))
    return with_points(mend_dashes(fragments, marks, rules), marks)
