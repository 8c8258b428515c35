"""Registry of what upper apps provide for the 360 page: panels (orders, offers), figures of its head, and notices.

    @panels.register("orders")
    def orders(request, subscriber):
        return Panel(title=_("Orders"), icon="headset", context={"table": OrderTable(...)}, flush=True)

A provider returns None for no panel. `place` is "main" (wide), "side", or "top": above all else of the page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string

from customers.facts.models import Subscriber
from retention.core.accounts.permissions import StaffRequest


@dataclass(frozen=True)
class Panel:
    """A card: the template is rendered with the keys of `context`; without a template, its `table` (a DetailTable)."""

    title: object
    template: str = "components/panel_table.html"
    context: Mapping[str, Any] = field(default_factory=dict)
    icon: str = "list"
    place: str = "main"
    flush: bool = False


@dataclass(frozen=True)
class Card:
    """A rendered panel: its anchor and its HTML."""

    key: str
    panel: Panel
    html: str


Provider = Callable[[StaffRequest, Subscriber], Panel | None]
_providers: dict[str, Provider] = {}
_on_call: set[str] = set()


def register_panel(key: str, *, on_call: bool = False) -> Callable[[Provider], Provider]:
    """Register a provider under a unique key (the anchor of its card); a second one replaces the first.

    on_call: the call screen shows it as well.
    """

    def keep(provider: Provider) -> Provider:
        _providers[key] = provider
        if on_call:
            _on_call.add(key)
        return provider

    return keep


FigureProvider = Callable[[StaffRequest, Subscriber], dict[str, Any] | None]
_figures: list[FigureProvider] = []


def register_figure(provider: FigureProvider) -> None:
    """Register a figure of the page's head: what `kpi_card` takes, None for no figure."""
    _figures.append(provider)


def head_figures(request: StaffRequest, subscriber: Subscriber) -> list[dict[str, Any]]:
    return [figure for provider in _figures if (figure := provider(request, subscriber)) is not None]


# (tone, text) of notices above the page.
NoticeProvider = Callable[[StaffRequest, Subscriber], list[tuple[str, str]]]
_notices: list[NoticeProvider] = []


def register_notices(provider: NoticeProvider) -> None:
    _notices.append(provider)


def head_notices(request: StaffRequest, subscriber: Subscriber) -> list[tuple[str, str]]:
    return [notice for provider in _notices for notice in provider(request, subscriber)]


def render_panels(request: StaffRequest, subscriber: Subscriber, *, on_call: bool = False) -> list[Card]:
    """The panels of all providers that return one, in order of registration; on_call: those of the call screen."""
    wanted = {key: provider for key, provider in _providers.items() if key in _on_call or not on_call}
    found = [(key, provider(request, subscriber)) for key, provider in wanted.items()]
    return [
        Card(key, panel, render_to_string(panel.template, dict(panel.context), request))
        for key, panel in found
        if panel
    ]
