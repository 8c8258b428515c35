"""Names of static files in service."""

import re

import pytest
from django.conf import settings
from django.core.management import call_command

from retention.core.ui.static_files import StaticFiles

IMPORTED = re.compile(r'^\s*(?:import|export)\s[^"]*"(\.[^"]+)"', re.MULTILINE)
DIGEST = re.compile(r"\.[0-9a-f]{12}\.js$")


@pytest.fixture
def collected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": f"{StaticFiles.__module__}.{StaticFiles.__qualname__}"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_a_module_that_another_one_imports_is_kept_for_good_by_its_digest(collected):
    imported = {}
    for path in (collected / "js").rglob("*.js"):
        if DIGEST.search(path.name):
            imported[path.name] = IMPORTED.findall(path.read_text())
    names = [name for found in imported.values() for name in found]
    assert len(names) > 20
    assert [name for name in names if not DIGEST.search(name)] == []
    own = {path.name for path in (settings.BASE_DIR / "static/js").glob("*.js")}
    assert {re.sub(r"\.[0-9a-f]{12}(?=\.js$)", "", name) for name in imported} >= own


def test_a_module_has_another_name_once_one_that_it_imports_has_changed(collected, settings, tmp_path):
    source = tmp_path / "own/js"
    source.mkdir(parents=True)
    (source / "upper.js").write_text('import { one } from "./lower.js";\n')
    names = []
    for text in ("export const one = 1;\n", "export const one = 2;\n"):
        (source / "lower.js").write_text(text)
        settings.STATICFILES_DIRS = [source.parent]
        settings.STATIC_ROOT = tmp_path / f"root{len(names)}"
        call_command("collectstatic", interactive=False, verbosity=0)
        names += [path.name for path in (settings.STATIC_ROOT / "js").glob("upper.????????????.js")]
    assert len(set(names)) == 2
