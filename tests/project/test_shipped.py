"""What is installed and shipped: pinned with hashes, listed in NOTICE, and free of the GPL."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import files
from pathlib import Path

import pytest

from tests.support.app import ROOT

NOTICE = (ROOT / "NOTICE").read_text()
PACKAGES = NOTICE.partition("1. Packages")[2].partition("2. Libraries")[0]


def pins(name: str) -> dict[str, int]:
    """Each package that is pinned, and how many hashes it has."""
    text = (ROOT / name).read_text()
    hashed = r"^([a-z0-9-]+)==\S+((?: \\\n    --hash=sha256:[0-9a-f]{64})*)$"
    found = re.findall(hashed, text, re.MULTILINE)
    return {package: hashes.count("sha256") for package, hashes in found}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_with_hashes(name):
    text = (ROOT / name).read_text()
    assert len(pins(name)) == len(re.findall("^[a-z]", text, re.MULTILINE)) > 50
    assert min(pins(name).values()) > 0
    assert "://" not in text


def test_the_notice_has_each_package_that_the_app_installs():
    listed = dict(re.findall(r"^    ([a-z0-9-]+) +(\S.*)$", PACKAGES, re.MULTILINE))
    assert listed.keys() == pins("requirements.txt").keys()
    assert [name for name, licence in listed.items() if re.search(r"\bA?GPL", licence)] == []


def test_the_notice_has_each_network_of_ours():
    networks = {path.name for path in (ROOT / "converter").rglob("*.onnx")}
    assert networks == set(re.findall(r"\b[a-z_]+\.onnx", NOTICE))


def test_heic_is_decoded_without_parts_under_the_gpl():
    shared = {Path(str(file)).name for file in files("pi-heif") or [] if ".so" in str(file)}
    names = {re.split(r"[-.]", name)[0] for name in shared}
    assert names <= {"_pi_heif", "libheif", "libde265"}
    sources = (path.read_text() for path in (ROOT / "converter").rglob("*.py"))
    assert not any("pillow_heif" in source for source in sources)


def test_the_bill_of_materials_has_all_of_them(tmp_path):
    out = str(tmp_path / "sbom.json")
    words = ["-m", "cyclonedx_py", "requirements", "--of", "JSON", "-o", out, "requirements.txt"]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    components = json.loads((tmp_path / "sbom.json").read_text())["components"]
    hashes = {
        one["name"]: sum(len(where["hashes"]) for where in one["externalReferences"])
        for one in components
    }
    assert hashes == pins("requirements.txt")
