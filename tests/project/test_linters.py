"""Linting needs its tools: one that is missing is an error that names the remedy."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_without_node_linting_fails_and_says_what_to_install(tmp_path: Path) -> None:
    sh = Path("/bin/sh")
    ran = subprocess.run(
        [sh, ROOT / ".ci/biome"],
        cwd=tmp_path,
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 1
    assert "install node and npm" in ran.stderr
    assert not (tmp_path / ".node").exists()


def test_lint_needs_biome_and_checks_templates() -> None:
    makefile = (ROOT / "Makefile").read_text()
    lint = makefile.partition("\nlint:")[2].partition("\n\n")[0]

    assert " biome " in lint.splitlines()[0]
    assert "djangofmt check" in lint
    assert "djade --check" in lint
    assert "$(BIOME) check" in lint
