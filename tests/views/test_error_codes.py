"""The page of error codes: wherever the `type` of an error leads, there is its heading."""

from __future__ import annotations

import json
from urllib.parse import urldefrag

import lxml.html
import pytest
from django.test import Client

from converter.api.problems import problem
from converter.core.errors import CODES
from converter.views.error_codes import sections
from tests.support.app import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return lxml.html.fromstring(Client().get("/docs/errors").content)


def test_the_type_of_each_error_leads_to_what_is_said_of_it(page):
    for code in CODES:
        address, place = urldefrag(json.loads(problem(code, "No.").content)["type"])
        assert address == "/docs/errors"
        [row] = page.xpath("//tr[@id=$id]", id=place)
        assert row.xpath("string(th[@scope='row'])").strip() == code
        assert row.xpath("string(td[1])").strip()
        assert row.xpath("string(td[2])").strip(), "nothing is said that can be done"


def test_all_that_the_file_says_is_there_and_each_place_once(page):
    text = " ".join(page.text_content().split())
    for section in sections():
        assert section.title in text
        assert section.entries
    assert "in the batch's _errors folder" in text
    assert "**" not in text
    assert "|" not in page.xpath("string(//main)")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert len(page.xpath("//tbody/tr")) == (ROOT / "docs/errors.md").read_text().count("\n| `")


def test_the_contents_lead_to_their_places(page):
    for link in page.xpath("//nav[@class='contents']//a/@href"):
        assert page.xpath("//h2[@id=$id]", id=link.removeprefix("#"))


def test_it_is_open_where_a_login_is_wanted(settings, client):
    settings.REQUIRE_LOGIN = True
    assert client.get("/docs/errors").status_code == 200
