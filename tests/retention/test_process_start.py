"""What a process waits for before it does anything."""

import os
import subprocess
import sys

import pytest

from retention import env
from retention.loading import AT_FIRST_USE

LATE = sorted({name.split(".")[0] for name in AT_FIRST_USE})
SETUP = "import django; django.setup()"
COMMAND = f"{SETUP}; import retention.portal.management.commands.nightly"
BEAT = "import retention; retention.celery_app.loader.import_default_modules()"
PAGES = f"{SETUP}; import retention.urls"
WEB = "import retention.wsgi"


def state_after(start: str, asked: str) -> str:
    code = (
        f"import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'retention.settings'; {start}; print('said', {asked})"
    )
    skip = {"CELERY_SKIP_CHECKS": "1"}  # they need a database
    ran = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | skip, cwd=env.ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.rsplit("said ", 1)[1].strip()


@pytest.mark.parametrize(
    ("start", "late"),
    [(SETUP, [*LATE, "pandas"]), (COMMAND, LATE), (BEAT, LATE), (PAGES, LATE)],
    ids=["setup", "night", "beat", "pages"],
)
def test_no_process_waits_for_a_library_that_it_may_not_use(start: str, late: list[str]):
    assert state_after(start, f"[name for name in {late} if name in sys.modules]") == "[]"


def test_the_web_server_has_every_library_before_it_forks():
    assert state_after(WEB, f"[name for name in {list(AT_FIRST_USE)} if name not in sys.modules]") == "[]"


@pytest.mark.parametrize("start", [BEAT, WEB], ids=["beat", "web"])
def test_garbage_is_looked_for_once_all_is_loaded(start: str):
    assert state_after(f"import gc; {start}", "gc.isenabled(), gc.get_freeze_count() > 100_000") == "True True"
