"""What is vendored is what VENDOR.json says, with its licences, and nothing comes from another host."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
VENDOR = ROOT / "static" / "vendor"
PARTS = json.loads((VENDOR / "VENDOR.json").read_text())
SHEETS = [*VENDOR.glob("*.css"), *(VENDOR.parent / "css").glob("*.css")]
CLASS = re.compile(r'class="((?:[^"{]|\{%.*?%\}|\{\{.*?\}\})*)"')
OF_SCRIPTS = {"import-choice"}  # found by a script and looks like nothing


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part["file"])
def test_a_vendored_file_has_the_hash_on_record(part):
    assert hashlib.sha256((VENDOR / part["file"]).read_bytes()).hexdigest() == part["sha256"]


def test_every_vendored_file_is_on_record():
    assert {path.name for path in VENDOR.glob("*.*") if path.suffix in {".js", ".css", ".svg"}} == {
        part["file"] for part in PARTS
    }


def test_versions_are_those_the_refresh_script_asks_for():
    script = (VENDOR / "refresh.sh").read_text()
    assert all(f"{part['name']}@{part['version']}" in script for part in PARTS)


def test_licences_that_ask_to_be_shipped_are_shipped():
    shipped = {path.name for path in (VENDOR / "licenses").iterdir()}
    assert {"echarts-LICENSE.txt", "echarts-NOTICE.txt", "bootstrap-LICENSE.txt", "tinykeys-LICENSE.txt"} <= shipped


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part["file"])
def test_no_vendored_file_names_a_source_map(part):
    assert "sourceMappingURL" not in (VENDOR / part["file"]).read_text()


def test_no_style_loads_anything_from_another_host():
    assert not [sheet.name for sheet in SHEETS if re.search(r"(?:url\(|@import )[\"']?https?:", sheet.read_text())]


def test_every_class_of_a_template_has_a_rule():
    """Of Tabler only the rules are shipped that a template named when static/vendor/refresh.sh was run last."""
    ruled = {name for sheet in SHEETS for name in re.findall(r"\.(-?[A-Za-z_][\w-]*)", sheet.read_text())}
    plain = (
        (name, path.name)
        for path in (ROOT / "templates").rglob("*.html")
        for value in CLASS.findall(path.read_text())
        for name in re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", value).split()
    )
    without = {(name, file) for name, file in plain if name not in ruled | OF_SCRIPTS and not name.endswith("-")}
    assert {"icon-sm", "icon-lg"} <= ruled  # put together by the icon tag
    assert not without, "run static/vendor/refresh.sh, or write the rule"
