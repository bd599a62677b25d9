"""PostgreSQL for tests: a server of its own, on a free loopback port, gone when it is done with.

    python -m tests.support.postgresql COMMAND…

runs a command with DATABASE_URL set to such a server; its exit status.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import psycopg

from converter.workers.processes import end_with_parent
from tests.support.app import free_port, wait_for

MISSING = (
    "There is no PostgreSQL here: what depends on the database was tested on SQLite alone."
    " Install postgresql, or set POSTGRESQL_BIN to the folder of its programs."
)
# Nothing here must outlive the machine.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def find_programs() -> Path | None:
    """The folder of the newest `initdb` and `postgres`."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parts[4])
    )
    on_path = shutil.which("postgres")
    given = [os.environ.get("POSTGRESQL_BIN"), *reversed(debian), on_path and Path(on_path).parent]
    folders = [Path(folder) for folder in given if folder]
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


class PostgresServer:
    """A running server; each `new_database` is empty and its own."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.port = free_port()
        self.made = 0

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="postgresql-", ignore_cleanup_errors=True)
        folder = Path(self._folder.name)
        if os.getuid() == 0:
            shutil.chown(folder, self._user()["user"])
        self._log = (folder / "log").open("wb")
        self._run("initdb", "-D", f"{folder}/data", "-U", "tablexl", "-A", "trust", "-E", "UTF8")
        settings = FAST | {"port": str(self.port), "listen_addresses": "127.0.0.1"}
        settings |= {"unix_socket_directories": "", "max_connections": "200"}
        options = [f"-c{name}={value}" for name, value in settings.items()]
        self.process = subprocess.Popen(
            [self.programs / "postgres", "-D", f"{folder}/data", *options],
            **self._how(),
            # Set after the change of user, which would clear it.
            preexec_fn=partial(end_with_parent, signal.SIGQUIT),  # noqa: PLW1509
        )
        wait_for(self._answers, "PostgreSQL")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.send_signal(signal.SIGINT)  # a fast shutdown: clients are cut off
        self.process.wait()
        self._log.close()
        self._folder.cleanup()

    def new_database(self) -> str:
        """The address of an empty database."""
        self.made += 1
        name = f"tablexl{self.made}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgres://tablexl@127.0.0.1:{self.port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([self.programs / program, *arguments], **self._how(), check=True)

    def _how(self) -> dict[str, object]:
        out = {"stdout": self._log, "stderr": subprocess.STDOUT, "cwd": "/"}
        return out | (self._user() if os.getuid() == 0 else {})

    @staticmethod
    def _user() -> dict[str, object]:
        """Somebody without rights: PostgreSQL refuses to run as root."""
        known = {user.pw_name: user.pw_gid for user in pwd.getpwall()}
        name = "postgres" if "postgres" in known else "nobody"
        return {"user": name, "group": known[name], "extra_groups": []}

    def _answers(self) -> bool:
        assert self.process.poll() is None, Path(self._log.name).read_text()
        try:
            psycopg.connect(self.url("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True


def main() -> int:
    programs = find_programs()
    if programs is None:
        sys.stderr.write(f"{MISSING}\n")
        return 1 if os.environ.get("CI") else 0
    with PostgresServer(programs) as server:
        environment = os.environ | {"DATABASE_URL": server.new_database()}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
