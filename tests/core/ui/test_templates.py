"""Rules every template keeps: the security policy, known icons, existing files."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parents[3] / "templates"
TEMPLATES = sorted(ROOT.rglob("*.html"))
SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (ROOT.parent / "static/vendor/icons.svg").read_text()))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_are_templates_to_check():
    assert len(TEMPLATES) > 20


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_has_no_inline_style_or_script(path):
    text = path.read_text()
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=[\"']|javascript:|<script(?![^>]*\ssrc=)[^>]*>", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_loads_nothing_from_another_host(path):
    assert not re.findall(r"(?:src|href|action)=[\"'](?:https?:)?//", path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_icons_of_a_template_are_in_the_sprite(path):
    text = path.read_text()
    names = re.findall(r"{% icon [\"']([\w-]+)[\"']", text) + re.findall(r"icon_name=[\"']([\w-]+)[\"']", text)
    names += re.findall(r"{% panel [^%]*?\bicon=[\"']([\w-]+)[\"']", text)
    assert set(names) <= SPRITE


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_static_files_a_template_names_exist(path):
    names = re.findall(r"{% static ['\"]([^'\"]+)['\"]", path.read_text())
    assert [name for name in names if not finders.find(name)] == []


def test_icons_of_the_side_navigation_are_in_the_sprite():
    from retention.portal.context_processors import ENTRIES

    assert {entry.icon for entry in ENTRIES} <= SPRITE


def test_icons_named_in_python_components_are_in_the_sprite():
    from retention.core.ui import components

    assert {name for name, _word in components.RISK.values()} <= SPRITE
