"""The commands that deployments start: `up`, and each line of the Procfile and railway.json."""

from __future__ import annotations

import json
import re
import signal
import socket
import stat
from urllib.request import Request, urlopen

import psutil
import pytest

from converter.management.commands import up
from converter.workers import queue
from tests.support.app import ROOT, RunningApp, wait_for

pytestmark = pytest.mark.process

PROCFILE = dict(re.findall(r"^(\w+): (.+)$", (ROOT / "Procfile").read_text(), re.MULTILINE))
RAILWAY = json.loads((ROOT / "railway.json").read_text())["deploy"]


@pytest.fixture
def make_app(tmp_path):
    """Makes an app that starts by a given line; all are killed in the end."""
    made: list[RunningApp] = []

    def make(line: str, **environment: str) -> RunningApp:
        app = RunningApp(tmp_path / "app", line, **environment)
        made.append(app)
        app.start()
        return app

    yield make
    for app in made:
        app.kill_all()


def command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""


def child(app: RunningApp, name: str) -> psutil.Process:
    """The process of that name right below `up`; waits until there is one."""

    def find() -> psutil.Process | None:
        children = psutil.Process(app.process.pid).children()
        return next((c for c in children if name in command_line(c)), None)

    return wait_for(find, f"the process {name}")


def test_a_newcomer_needs_no_settings_and_leaves_with_ctrl_c(make_app):
    app = make_app("manage.py up", SECRET_KEY="")
    app.wait_until_ready()
    wait_for(lambda: "Tablexl is ready: http://localhost" in app.log.read_text(), "the address")
    key = app.data_dir / "secret_key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_text() not in app.log.read_text()
    family = app.processes()
    assert app.stop(signal.SIGINT) == 0
    wait_for(lambda: not any(member.is_running() for member in family), "the end of all")
    assert "Traceback" not in app.log.read_text()


def test_the_secret_key_survives_a_restart(make_app):
    app = make_app("manage.py up", SECRET_KEY="")
    app.wait_until_ready()
    key = (app.data_dir / "secret_key").read_text()
    app.stop()
    app.start()
    app.wait_until_ready()
    assert (app.data_dir / "secret_key").read_text() == key


def test_a_port_that_is_taken_is_one_clear_line(make_app):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        app = make_app("manage.py up", PORT=str(port))
        assert app.process.wait(60) == 1
    [line] = app.log.read_text().splitlines()
    assert f"PORT={port + 1}" in line


@pytest.mark.parametrize("name", ["gunicorn", "worker"])
def test_up_starts_a_process_again_that_was_killed(make_app, name):
    app = make_app("manage.py up")
    app.wait_until_ready()
    first = child(app, name)
    first.kill()
    wait_for(lambda: child(app, name).pid != first.pid, f"another {name}")
    app.wait_until_ready()


def test_nothing_outlives_up_when_it_is_killed(make_app):
    app = make_app("manage.py up")
    app.wait_until_ready()
    family = app.processes()
    app.process.kill()
    app.process.wait()
    _, alive = psutil.wait_procs(family, timeout=60)
    assert alive == []


def test_the_line_of_web_serves(make_app):
    app = make_app(PROCFILE["web"])
    app.manage("migrate", "--verbosity=0")
    app.wait_until_ready()
    assert app.stop() == 0


def test_the_line_of_worker_works(make_app):
    app = make_app(PROCFILE["release"])
    assert app.process.wait(120) == 0
    app.command = PROCFILE["worker"]
    app.start()
    app.start_batch(1)
    state = "SELECT state FROM converter_batch"
    wait_for(lambda: app.query(state) == [("done",)], "the batch")
    assert app.stop() == 0


def test_the_line_of_railway_serves_and_answers_its_health_check(make_app):
    assert RAILWAY["healthcheckPath"] == "/healthz"
    railway = {
        "RAILWAY_ENVIRONMENT_NAME": "production",
        "RAILWAY_PUBLIC_DOMAIN": "tables.up.railway.app",
    }
    app = make_app(RAILWAY["startCommand"], **railway)
    app.wait_until_ready()
    for host in ("healthcheck.railway.app", "tables.up.railway.app"):
        with urlopen(Request(f"{app.url}/healthz", headers={"Host": host})) as answer:
            assert answer.status == 200
    assert app.stop() == 0


def test_railway_keeps_the_data_and_waits_for_the_images_at_hand():
    assert RAILWAY["requiredMountPath"] == "/app/data"
    assert RAILWAY["drainingSeconds"] > up.STOP_SECONDS > queue.GRACE_SECONDS + 5
