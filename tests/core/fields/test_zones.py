"""Zones: where a field stands on one card is where it stands on the others."""

from __future__ import annotations

import pytest

from converter.core.errors import TemplateError
from converter.core.fields.specification import FieldSpec, FieldType, parse_fields
from converter.core.fields.values import FieldValue, ValueState
from converter.core.fields.zones import value_in, with_zones, zone_of
from converter.core.tables.model import Box, Word

LINES = (
    Word("Ada Lovelace", Box(100, 40, 220, 60), 0.95),
    Word("London 1815", Box(100, 80, 210, 100)),
)
SPEC = FieldSpec("Name")
ZONE = zone_of([Box(100, 40, 220, 60)], (400, 200))


def test_a_zone_is_a_share_of_the_picture_with_room_around():
    assert ZONE == (0.225, 0.15, 0.65, 0.35)
    assert zone_of([Box(0, 0, 400, 200)], (400, 200)) == (0, 0, 1, 1)


def test_what_stands_in_it_is_a_value_to_be_looked_at():
    value = value_in(SPEC, ZONE, LINES, (400, 200))
    assert value == FieldValue("Name", "Ada Lovelace", Box(100, 40, 220, 60), 0.7)
    assert value.is_doubtful
    twice = [Word(line.text, Box(*(2 * edge for edge in line.box))) for line in LINES]
    assert value_in(SPEC, ZONE, twice, (800, 400)).text == "Ada Lovelace"
    assert value_in(SPEC, (0.8, 0.8, 1, 1), LINES, (400, 200)) is None


def test_lines_are_kept_apart_in_a_field_of_several():
    everything = (0, 0, 1, 1)
    assert value_in(SPEC, everything, LINES, (400, 200)).text == "Ada Lovelace London 1815"
    several = FieldSpec("Name", type=FieldType.MULTILINE)
    assert value_in(several, everything, LINES, (400, 200)).text == "Ada Lovelace\nLondon 1815"


def test_only_what_was_not_found_is_taken_from_a_zone():
    specs = [FieldSpec("Name", zone=ZONE), FieldSpec("Born", zone=ZONE), FieldSpec("Town")]
    blank = FieldValue("Born", state=ValueState.BLANK)
    found = with_zones([FieldValue("Name"), blank, FieldValue("Town")], specs, LINES, (400, 200))
    assert [value.text for value in found] == ["Ada Lovelace", None, None]


def test_templates_have_zones():
    [spec] = parse_fields([SPEC.to_json() | {"zone": list(ZONE)}])
    assert spec.zone == ZONE
    assert parse_fields([spec.to_json()]) == (spec,)


@pytest.mark.parametrize("zone", [[0, 0, 1], [0.5, 0, 0.5, 1], [0, 0, 1, 2], ["a"] * 4, 7])
def test_other_zones_are_refused(zone):
    with pytest.raises(TemplateError, match="The zone of field 'Name'"):
        parse_fields([{"name": "Name", "zone": zone}])
