"""Clients as people have written them, against the app as it runs."""

from __future__ import annotations

from io import BytesIO

import pytest
import requests
from openpyxl import load_workbook

from tests.api import clients
from tests.support.app import RunningApp, wait_for
from tests.support.pictures import table_png

pytestmark = pytest.mark.process

ROWS = [["Item", "Price"], ["Apples", "12"], ["Pears", "34"]]


def sheets(workbook: bytes) -> list[str]:
    return load_workbook(BytesIO(workbook)).sheetnames


def test_one_picture_is_read_while_its_client_waits(app: RunningApp):
    result, workbook = clients.convert_one(app.url, table_png(ROWS))
    assert result["success"]
    assert result["file_id"]
    sheet = load_workbook(BytesIO(workbook))["Table 1"]
    assert [[cell.value for cell in row] for row in sheet] == [
        ["Item", "Price"],
        ["Apples", 12],
        ["Pears", 34],
    ]


def test_a_job_is_polled_until_it_is_completed(app: RunningApp):
    status, workbook = clients.convert_many(app.url, [table_png(ROWS)] * 2)
    assert (status["status"], status["progress"], status["total_images"]) == ("completed", 100, 2)
    assert sheets(workbook) == ["table_0", "table_1", "Summary"]


def test_who_keeps_cookies_is_known_again_and_others_are_kept_out(app: RunningApp):
    with requests.Session() as session:
        made = clients.submit_with_cookies(session, app.url, [table_png(ROWS)])
        assert len(made["session_id"]) == 32
        address = f"{app.url}{made['status_url']}"
        wait_for(lambda: session.get(address).json()["status"] == "completed", "the job")
        assert requests.get(address, timeout=60).status_code == 404
        jobs = session.get(f"{app.url}/api/v1/jobs/").json()["jobs"]
        assert [job["job_id"] for job in jobs] == [made["job_id"]]


def test_a_socket_tells_of_a_job_until_it_is_completed(app: RunningApp):
    with requests.Session() as session:
        made = clients.submit_with_cookies(session, app.url, [table_png(ROWS)] * 2)
        heard = clients.wait_at_socket(app.url, made["session_id"])
        assert {message["job_id"] for message in heard} == {made["job_id"]}
        images = [message for message in heard if message["type"] == "image_completed"]
        assert [image["read"]["tables"][0]["rows"] for image in images] == [ROWS] * 2
        workbook = session.get(f"{app.url}{heard[-1]['primary_download_url']}")
        assert sheets(workbook.content)
