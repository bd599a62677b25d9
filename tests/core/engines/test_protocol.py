from __future__ import annotations

import json

from converter.core.engines.protocol import Reading, TextLine
from converter.core.fields.values import FieldValue
from converter.core.tables.causes import Cause
from converter.core.tables.model import Box, Cell, Table
from converter.core.tables.roles import Role

READING = Reading(
    "m",
    tables=(Table((Cell(0, 0, "a", box=Box(1, 2, 3, 4), causes=(Cause.NOT_READ,)),), beside=2),),
    loose_text=(TextLine("b", Box(5, 6, 7, 8), 0.5, Role.NOTE, 0),),
    fields=(FieldValue("Surname", "Curie", confidence=0.9),),
    seconds=1.5,
    turned=270,
    missing=(TextLine("c", Box(5, 9, 7, 11), 0.5),),
    unread=(Box(50, 60, 70, 80),),
)


def test_a_reading_survives_storage() -> None:
    assert Reading.from_json(json.loads(json.dumps(READING.to_json()))) == READING


def test_a_reading_stored_before_there_were_two_misses_nothing() -> None:
    stored = READING.to_json()
    del stored["missing"]
    assert Reading.from_json(stored).missing == ()


def test_a_reading_stored_before_turns_were_known_is_not_turned() -> None:
    stored = READING.to_json()
    del stored["turned"]
    assert Reading.from_json(stored).turned == 0


def test_a_reading_stored_before_print_had_roles_has_none() -> None:
    stored = READING.to_json()
    del stored["unread"]
    stored["loose_text"] = [line[:3] for line in stored["loose_text"]]
    (line,) = Reading.from_json(stored).loose_text
    assert (line.text, line.role, line.table) == ("b", None, None)
    assert Reading.from_json(stored).unread == ()


def test_an_empty_cell_with_unread_print_counts_as_doubtful() -> None:
    cells = (Cell(0, 0, confidence=0.4, causes=(Cause.NOT_READ,)), Cell(0, 1))
    assert Reading("m", tables=(Table(cells),)).doubtful == 1
