"""Ways out behind one interface (`base.Gateway`); which one a channel uses is a setting, MESSAGE_GATEWAYS."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings

from campaigns.messages.gateways.base import Gateway

# {name: its class}. Read when it is used: no client library is loaded for a way that nobody takes.
GATEWAYS = {
    "console": "campaigns.messages.gateways.console.ConsoleGateway",
    "file": "campaigns.messages.gateways.file.FileGateway",
    "fake": "campaigns.messages.gateways.fake.FakeGateway",
    "smtp": "campaigns.messages.gateways.smtp.SmtpGateway",
    "http": "campaigns.messages.gateways.http.HttpGateway",
    "smpp": "campaigns.messages.gateways.smpp.SmppGateway",
    "inbox": "campaigns.messages.gateways.inbox.InboxGateway",
}
# Ways that a channel may take.
OF_CHANNEL = {
    "sms": ("console", "file", "fake", "http", "smpp"),
    "email": ("console", "file", "fake", "smtp", "http"),
    "app": ("inbox", "http", "console", "file", "fake"),
}


def gateway_name(channel: str) -> str:
    return str(settings.MESSAGE_GATEWAYS[channel])


@cache
def gateway(name: str) -> Gateway:
    """The gateway of this name, one a process, since connections are kept. KeyError for a name that is unknown."""
    module, _dot, kind = GATEWAYS[name].rpartition(".")
    made: Callable[[], Any] = getattr(import_module(module), kind)
    return made()
