"""The command line's contract: files, sheet names, exit status, one line per failure."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook
from PIL import Image

from converter.reading import pipeline
from tests.support.app import ROOT
from tests.support.engines import ScriptedEngine
from tests.support.model_server import KEY, TABLE, FakeApi, replies, says
from tests.support.pictures import png, table_png

PRICES = [["Item", "Price"], ["Apple", "1.50"], ["Pear", "1,022.00"]]


@pytest.fixture
def scripted(monkeypatch):
    monkeypatch.setattr(pipeline, "make_engine", lambda *_: ScriptedEngine())
    pipeline.engine.cache_clear()
    yield
    pipeline.engine.cache_clear()


@pytest.fixture
def folder(tmp_path) -> Path:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(png())
    (tmp_path / "broken.png").write_bytes(png()[:40])
    return tmp_path


def convert(*words: object) -> int:
    """Run the command as a shell would; its exit status."""
    with pytest.raises(SystemExit) as ended:
        call_command("convert", *map(str, words))
    return int(ended.value.code or 0)


def sheets(path: Path) -> list[str]:
    return load_workbook(path).sheetnames


def test_a_picture_of_a_table_becomes_a_workbook_without_database_or_settings(tmp_path):
    (tmp_path / "prices.png").write_bytes(table_png(PRICES))
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "convert", "prices.png", "-o", "out.xlsx"],
        cwd=tmp_path,
        env={"DATA_DIR": "/proc/nowhere", "DATABASE_URL": "postgres://nobody@no.where/x"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    sheet = load_workbook(tmp_path / "out.xlsx")["Table 1"]
    assert [[c.value for c in row] for row in sheet] == [
        ["Item", "Price"],
        ["Apple", 1.5],
        ["Pear", 1022],
    ]


def test_one_image_has_sheets_of_its_tables(folder, scripted):
    assert convert(folder / "a.png", "-o", folder / "out.xlsx") == 0
    assert sheets(folder / "out.xlsx") == ["Table 1", "Summary"]


def test_several_images_have_sheets_named_after_them(folder, scripted):
    assert convert(folder / "a.png", folder / "b.png", "-o", folder / "out.xlsx") == 0
    assert sheets(folder / "out.xlsx") == ["a", "b", "Summary"]


def test_a_folder_gets_a_workbook_per_image(folder, scripted):
    assert convert(folder / "a.png", folder / "b.png", "-d", folder / "out") == 0
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["a.xlsx", "b.xlsx"]
    assert sheets(folder / "out" / "a.xlsx") == ["Table 1", "Summary"]


def test_images_of_one_name_do_not_overwrite_each_other(folder, scripted):
    (folder / "more").mkdir()
    again, numbered = folder / "more" / "a.png", folder / "a (2).png"
    for path in (again, numbered):
        path.write_bytes(png())
    assert convert(folder / "a.png", again, numbered, "-d", folder / "out") == 0
    assert len(list((folder / "out").iterdir())) == 3


def test_a_workbook_that_cannot_be_written_fails_one_image_alone(folder, scripted, capsys):
    (folder / "out" / "a.xlsx").mkdir(parents=True)
    assert convert(folder / "a.png", folder / "b.png", "-d", folder / "out") == 1
    assert capsys.readouterr().err.startswith(f"{folder / 'a.png'}: storage_failed: ")
    assert (folder / "out" / "b.xlsx").is_file()


def test_an_odd_name_is_one_line_all_the_same(folder, scripted, capsys):
    odd = folder / "two\nlines.png"
    odd.write_bytes(b"")
    assert convert(odd, "--json") == 1
    printed = capsys.readouterr()
    assert len(printed.err.splitlines()) == 1
    assert json.loads(printed.out)[0]["image"] == "two\nlines.png"


def test_a_failure_is_one_line_with_its_code_and_the_rest_goes_on(folder, scripted, capsys):
    images = [folder / name for name in ("a.png", "broken.png", "missing.png", "b.png")]
    assert convert(*images, "-d", folder / "out") == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        [str(folder / "broken.png"), "damaged_image"],
        [str(folder / "missing.png"), "file_missing"],
    ]
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["a.xlsx", "b.xlsx"]


def test_json_goes_to_standard_output(folder, scripted, capsys):
    assert convert(folder / "a.png", folder / "broken.png", "--json") == 1
    good, bad = json.loads(capsys.readouterr().out)
    assert good["tables"][0]["cells"][0]["text"] == "a.png"
    assert (bad["image"], bad["code"]) == ("broken.png", "damaged_image")


def test_a_template_gives_a_row_per_image(folder, scripted):
    template = folder / "card.json"
    template.write_text('{"name": "Card", "fields": [{"name": "Surname"}, {"name": "Year"}]}')
    images = [folder / "a.png", folder / "broken.png"]
    assert convert(*images, "--template", template, "-o", folder / "out.xlsx") == 1
    rows = [[cell.value for cell in row] for row in load_workbook(folder / "out.xlsx")["Fields"]]
    assert rows == [["Surname", "Year", "Image"], [None, None, "a.png"], [None, None, "broken.png"]]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["a.png", "-o", "x.xlsx", "-d", "x"],
        ["a.png", "--template", "missing.json"],
        ["a.png", "--nonsense"],
        ["a.png", "--engine", "magic"],
    ],
)
def test_wrong_usage_has_status_two(words):
    command = [sys.executable, ROOT / "manage.py", "convert", *words]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2


def test_an_output_that_cannot_be_written_says_so_before_anything_is_read(folder, capsys):
    (folder / "file").write_text("")
    command = [sys.executable, ROOT / "manage.py", "convert", folder / "a.png"]
    done = subprocess.run(
        [*command, "-d", folder / "file"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "cannot write" in done.stderr.lower()
    assert "Traceback" not in done.stderr


def test_explain_draws_how_each_picture_was_read(tmp_path):
    path = tmp_path / "prices.png"
    path.write_bytes(table_png(PRICES))
    explained = tmp_path / "why"
    assert convert(path, path, "-d", tmp_path / "out", "--explain", explained) == 0
    assert sorted(item.name for item in explained.iterdir()) == ["prices (2).png", "prices.png"]
    with Image.open(explained / "prices.png") as picture:
        assert picture.width > 1000


def test_an_engine_that_cannot_explain_says_so(folder, scripted, capsys):
    words = ["convert", str(folder / "a.png"), "-d", str(folder / "out")]
    with pytest.raises(CommandError, match="cannot explain") as refused:
        call_command(*words, "--explain", str(folder / "why"))
    assert refused.value.returncode == 2


def test_with_a_key_pictures_are_read_by_the_api(tmp_path, settings, capsys):
    (tmp_path / "a.png").write_bytes(table_png(PRICES))
    settings.OLMOCR_API_KEY = KEY
    with FakeApi(says(TABLE), replies(401, {"error": {"message": f"Bad {KEY}"}})) as api:
        settings.OLMOCR_API_BASE_URL = api.url
        assert convert(tmp_path / "a.png", "-o", tmp_path / "api.xlsx") == 0
        assert convert(tmp_path / "a.png", "--engine", "remote", "--json") == 1
        pipeline.engine("remote").close()
    pipeline.engine.cache_clear()
    assert load_workbook(tmp_path / "api.xlsx").worksheets[0]["B2"].value == 12.5
    shown = "".join(capsys.readouterr())
    assert "bad_key" in shown
    assert KEY not in shown
