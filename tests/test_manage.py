import pytest

import manage


@pytest.mark.parametrize("command", ["migrate", "nightly --json", "import_facts bills b.csv", "simulate", "runserver"])
def test_a_command_that_reads_the_database_finds_servers_running(command: str):
    assert manage.needs_servers(command.split())


@pytest.mark.parametrize(
    "command", ["", "--version", "help", "nightly --help", "services status", "check --deploy", "launch"]
)
def test_a_command_that_needs_none_starts_none(command: str):
    assert not manage.needs_servers(command.split())
