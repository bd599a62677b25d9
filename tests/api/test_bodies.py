"""Long strings of a JSON body are found, whatever they hold."""

from __future__ import annotations

import json

import pytest
from django.test import RequestFactory

from converter.api.bodies import LONG, Body, Stretch


@pytest.mark.parametrize("unit", ["a", '"', "\\", "\n", 'a"\\'])
def test_long_string_is_left_on_disk(unit: str):
    text = unit * LONG
    body = Body(RequestFactory().post("/", {"a": text, "b": "c"}, "application/json"))
    tree = body.parsed()
    assert isinstance(tree["a"], Stretch)
    assert tree["a"].read() == text
    assert tree["b"] == "c"
    body.close()


@pytest.mark.parametrize("end", ["", "\\", '\\"'])
def test_string_without_end_reaches_to_that_of_the_body(end: str):
    sent = (json.dumps("\n" * LONG)[:-1] + end).encode()
    body = Body(RequestFactory().post("/", sent, "application/json"))
    assert isinstance(body.parsed(), Stretch)
    body.close()
