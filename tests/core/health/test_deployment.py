"""What describes a deployment says nothing that the code does not read, and the settings stand Django's check."""

import ast
import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from retention import env

COMPOSE = yaml.safe_load((env.ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("web", "worker", "long", "beat", "migrate")
APPS = ("retention", "customers", "campaigns", "workorders", "analytics")
# Read by Celery and by the Prometheus client, not by our code.
READ_ELSEWHERE = {"REMAP_SIGTERM", "PROMETHEUS_MULTIPROC_DIR"}
# Needed to make the product, not to run it: one command loads it, from requirements-dev.txt.
ONLY_TO_MAKE_IT = {"polib"}
# A name of the type checker alone.
ONLY_TO_CHECK_IT = {"_typeshed"}


def sources() -> list[Path]:
    return [file for app in APPS for file in (env.ROOT / app).rglob("*.py")]


def read_variables() -> set[str]:
    read = re.compile(r"""env\.(?:text|flag|number|words)\(\s*"([A-Z_]+)"|\b(?:text|flag)\("([A-Z_]+)"\)""")
    return {name for file in sources() for pair in read.findall(file.read_text()) for name in pair if name}


def deploy_environment() -> dict[str, str]:
    lines = (env.ROOT / ".ci" / "deploy.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: os.environ[name] for name in ("PATH", "RETENTION_VAR")}
    command = [sys.executable, str(env.ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=clean | environment, capture_output=True, text=True, check=False)


def test_compose_has_every_part_with_a_health_check():
    assert set(SERVICES) >= {"web", "worker", "long", "beat", "postgres", "valkey"}
    assert [name for name, service in SERVICES.items() if "healthcheck" not in service] == ["migrate"]


def test_compose_keeps_data_in_named_volumes():
    kept = {name: service["volumes"][0].split(":")[0] for name, service in SERVICES.items() if "volumes" in service}
    assert kept["postgres"] == "postgres"
    assert kept["valkey"] == "valkey"
    assert set(kept.values()) == set(COMPOSE["volumes"])


@pytest.mark.parametrize("service", OURS)
def test_compose_sets_only_variables_that_something_reads(service: str):
    assert set(SERVICES[service]["environment"]) <= read_variables() | READ_ELSEWHERE


def test_compose_holds_no_secret_and_stops_when_one_is_missing():
    text = (env.ROOT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "VALKEY_PASSWORD"):
        assert f"${{{name}:?" in text


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_nothing_in_compose_runs_as_root(service: str):
    assert SERVICES[service]["user"] not in {"root", "0", ""}


def test_our_image_does_not_run_as_root_and_starts_what_compose_starts():
    dockerfile = (env.ROOT / "Dockerfile").read_text()
    assert re.findall(r"^USER (\S+)$", dockerfile, re.MULTILINE) == ["retention"]
    assert "collectstatic" in dockerfile
    copied = set(re.findall(r"^COPY (\w+) \1$", dockerfile, re.MULTILINE))
    assert copied == {*APPS, "templates", "static", "locale"}


def test_the_operators_page_lists_exactly_the_variables_that_are_read():
    page = (env.ROOT / "docs" / "operations.md").read_text()
    rows = re.findall(r"^\| (`[A-Z_`, ]+`) \|", page, re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"[A-Z_]+", row)}
    assert listed == read_variables() | READ_ELSEWHERE


def test_the_production_settings_pass_djangos_deployment_check():
    checked = manage("check", "--deploy", "--fail-level", "WARNING", **deploy_environment())
    assert checked.returncode == 0, checked.stderr


def test_settings_that_would_fail_in_service_are_found():
    wrong = {"RETENTION_LOCAL": "1", "HTTPS": "1", "DATABASE_URL": "", "REDIS_URL": "", "ALLOWED_HOSTS": "localhost"}
    checked = manage("check", "--deploy", **deploy_environment() | wrong | {"BEHIND_PROXY": "0", "NIGHTLY_HOUR": "24"})
    findings = set(re.findall(r"core\.[EW]1\d\d", checked.stderr))
    assert findings == {"core.W101", "core.W102", "core.W103", "core.W104", "core.W105", "core.E101"}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DEBUG", "perhaps"),
        ("NIGHTLY_HOUR", "one"),
        ("DATABASE_URL", "mysql://root@host/db"),
        ("DATABASE_URL", "postgresql://host"),
        ("REDIS_URL", "amqp://host"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_its_variable(variable: str, value: str):
    checked = manage("check", **deploy_environment() | {variable: value})
    assert checked.returncode != 0
    assert f"{variable} must" in checked.stderr.splitlines()[-1]


def test_web_and_worker_refuse_to_serve_without_a_secret_key():
    code = "import sys; sys.argv[0] = '/opt/venv/bin/{}'; from django.conf import settings; settings.DEBUG"
    served = deploy_environment() | {"DJANGO_SETTINGS_MODULE": "retention.settings", "PATH": os.environ["PATH"]}
    served |= {"PYTHONPATH": str(env.ROOT), "RETENTION_VAR": os.environ["RETENTION_VAR"]}
    for program in ("gunicorn", "celery"):
        for key, fails in (("", True), (served["SECRET_KEY"], False)):
            command = [sys.executable, "-c", code.format(program)]
            ran = subprocess.run(command, env=served | {"SECRET_KEY": key}, capture_output=True, text=True, check=False)
            assert bool(ran.returncode) is fails, ran.stderr
            assert ("SECRET_KEY must be set" in ran.stderr) is fails


def test_every_package_that_the_code_imports_is_pinned_for_running():
    pinned = {
        _plain(name) for name in re.findall(r"^([\w.-]+)==", (env.ROOT / "requirements.txt").read_text(), re.MULTILINE)
    }
    providers = packages_distributions()
    missing = {
        module
        for module in _imported()
        if module not in sys.stdlib_module_names | {*APPS, "bench", *ONLY_TO_MAKE_IT, *ONLY_TO_CHECK_IT}
        and not pinned & {_plain(name) for name in providers.get(module, [])}
    }
    assert missing == set()


def test_what_is_pinned_is_what_runs_here():
    from importlib.metadata import version

    for file in ("requirements.txt", "requirements-dev.txt"):
        for name, wanted in re.findall(r"^([\w.-]+)==(\S+)$", (env.ROOT / file).read_text(), re.MULTILINE):
            assert (name, version(name)) == (name, wanted)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _imported() -> set[str]:
    """First names of all modules imported anywhere in the product."""
    found = set()
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                found |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found
