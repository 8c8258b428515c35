"""The components of a page: `{% load ui %}`. docs/ui.md lists each one with its call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import template
from django.contrib.messages import constants as levels
from django.shortcuts import resolve_url
from django.template.base import Parser, Token
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from retention.core.ui import drawing, formats
from retention.core.ui.filters import address_without_filters
from retention.core.ui.glossary import meaning
from retention.core.ui.nodes import Capture, Panel

register = template.Library()

RISK = {
    "low": ("circle-check", _("Low risk")),
    "medium": ("alert-circle", _("Medium risk")),
    "high": ("alert-triangle", _("High risk")),
    "critical": ("flame", _("Critical risk")),
}
TONES = ("neutral", "info", "good", "warning", "bad")


@register.tag
def capture(parser: Parser, token: Token) -> Capture:
    """`{% capture as name %}...{% endcapture %}`."""
    words = token.split_contents()
    if len(words) != 3 or words[1] != "as":
        raise template.TemplateSyntaxError("usage: {% capture as name %}...{% endcapture %}")
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return Capture(nodelist, words[2])


@register.tag
def panel(parser: Parser, token: Token) -> Panel:
    """`{% panel _("Bills") icon="coin-yuan" flush=True href=url link=_("All bills") actions=html %}...{% endpanel %}`.

    `flush` leaves out the padding (for tables), `id` names the card, `actions` is captured HTML for the right side.
    """
    words = token.split_contents()
    if len(words) < 2:
        raise template.TemplateSyntaxError("panel needs a title")
    options = template.base.token_kwargs(words[2:], parser)
    nodelist = parser.parse(("endpanel",))
    parser.delete_first_token()
    return Panel(nodelist, parser.compile_filter(words[1]), options)


@register.simple_tag
def icon(name: str, label: str = "", size: str = "", **attributes: str) -> SafeString:
    """`{% icon "phone" %}`; with `label` it is announced, without it is decoration. `size`: sm or lg."""
    css = " ".join(filter(None, ["icon", f"icon-{size}" if size else "", attributes.get("class", "")]))
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    sprite = static("vendor/icons.svg")
    return format_html('<svg class="{}" {} focusable="false"><use href="{}#{}"/></svg>', css, role, sprite, name)


@register.simple_tag
def badge(text: object, tone: str = "neutral", icon_name: str = "") -> SafeString:
    """`{% badge _("Paused") "warning" "player-pause" %}`; tone: neutral, info, good, warning or bad."""
    drawn = icon(icon_name) if icon_name else ""
    return format_html('<span class="rp-badge rp-badge-{}">{}{}</span>', tone, drawn, text)


@register.simple_tag
def risk_badge(tier: str | None, probability: float | None = None) -> SafeString:
    """`{% risk_badge "high" 0.43 %}`: icon, word and colour of a risk tier, with its probability where given."""
    if not tier:
        return format_html("{}", formats.DASH)
    name, word = RISK[tier]
    chance = format_html(" {}", formats.percent(probability)) if probability is not None else ""
    return format_html('<span class="rp-badge rp-badge-{}">{}{}{}</span>', tier, icon(name), word, chance)


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """`{% kbd "Alt+1" %}`: a key hint; `+` joins a chord, a space separates a sequence."""
    return format_html_join("", '<kbd class="rp-kbd">{}</kbd>', ((part,) for part in keys.split(" ")))


@register.simple_tag
def sparkline(values: Sequence[float | None], label: str = "") -> SafeString:
    """`{% sparkline values label=_("Minutes, 12 months") %}`: a small line, oldest value first, None leaves a gap."""
    return drawing.sparkline(values, label)


@register.simple_tag
def meter(
    value: float | None, maximum: float = 1, tone: str = "", label: str = "", mark: float | None = None, shown: str = ""
) -> SafeString:
    """`{% meter 0.43 tone="high" label=_("Risk") mark=0.6 shown="43%" %}`: a bar; `mark` draws a threshold."""
    bar = drawing.bar(value, maximum, tone=tone, label=label, mark=mark)
    if not shown:
        return bar
    return format_html('<span class="rp-meter">{}<span class="rp-meter-value">{}</span></span>', bar, shown)


@register.simple_tag
def delta(value: float | None, better: str = "", kind: str = "percent") -> SafeString:
    """`{% delta -0.031 better="down" %}`: a change; green when good, red when bad, whichever way it points."""
    return drawing.delta(value, better, kind, icon)


@register.inclusion_tag("components/kpi_card.html")
def kpi_card(card: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    """A figure card; options may come as one dict, as keywords or both (keywords win).

    label, value (raw), kind (a name of formats.FORMATS), unit, delta (ratio or difference), delta_kind
    (percent, points, count, money), delta_label, better (up, down or nothing), previous (raw), previous_label,
    target (raw), spark (values), href, hint (definition), measure (the key of its definition in `glossary.MEANINGS`,
    where no hint is given), state (good, warning, bad), state_label.
    """
    card = {"kind": "count", "delta_kind": "percent", "better": "", **(card or {}), **options}
    kind = card["kind"]
    full = {"compact": "count", "money_compact": "money"}.get(kind, kind)
    return {
        **card,
        "hint": card.get("hint") or meaning(card.get("measure", "")),
        "shown": formats.show(card.get("value"), kind),
        "full": formats.show(card.get("value"), full) if full != kind else "",
        "previous_shown": formats.show(card["previous"], kind) if card.get("previous") is not None else "",
        "target_shown": formats.show(card["target"], kind) if card.get("target") is not None else "",
    }


@register.inclusion_tag("components/definitions.html")
def definitions(items: Iterable[Any], columns: bool = False) -> dict[str, Any]:
    """`{% definitions rows columns=True %}`: (label, value), (label, value, measure) or dicts label, value, href, hint.

    measure: the key of a declared meaning (`retention.core.ui.glossary`), which becomes the hint.
    """
    return {"items": [_definition(item) for item in items], "columns": columns}


def _definition(item: Any) -> dict[str, Any]:
    if isinstance(item, dict):
        return item
    label, value, *measure = item
    return {"label": label, "value": value, "hint": meaning(measure[0]) if measure else ""}


@register.simple_tag
def term(label: str, measure: str) -> SafeString:
    """`{% term label "points" %}`: the name of a measure with its declared meaning for mouse and keyboard."""
    return format_html('<span class="rp-term" tabindex="0" title="{}">{}</span>', meaning(measure), label)


@dataclass(frozen=True)
class TimelineItem:
    """One event of a timeline. at: a day or an instant; icon, tone: names; badge: the text of one."""

    at: date | datetime
    title: object
    text: str = ""
    icon: str = ""
    tone: str = ""
    href: str = ""
    actor: str = ""
    badge: str = ""


@register.inclusion_tag("components/timeline.html")
def timeline(items: Iterable[TimelineItem]) -> dict[str, Any]:
    """`{% timeline items %}`: newest first."""
    return {"items": items}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[dict[str, Any]], label: str = "") -> dict[str, Any]:
    """`{% tabs items %}`: dicts label, url, active, count, icon; each tab is a link, so it has its own address."""
    return {"items": items, "label": label or _("Sections")}


@register.inclusion_tag("components/breadcrumb.html", takes_context=True)
def breadcrumb(context: template.Context, *above: Any, here: object = "") -> dict[str, Any]:
    """`{% breadcrumb "imports:list" _("Imports") here=upload.name %}`: Home, each page above by its address or the name
    of its view and its label, then this page, by default by its title. A view may give all in one list."""
    if len(above) == 1:
        (above,) = above
    pages = zip(above[::2], above[1::2], strict=True)
    return {"above": [(resolve_url(url), label) for url, label in pages], "here": here or context["page_title"]}


@register.inclusion_tag("components/dropdown.html", takes_context=True)
def dropdown(
    context: template.Context, label: str, items: Iterable[dict[str, Any]], icon_name: str = "", plain: bool = False
) -> dict[str, Any]:
    """`{% dropdown _("More") items icon_name="dots" %}`: items are dicts label, url, icon, key, active, divider,
    header, and method="post" (with `name` and `value`) for one that changes something. `plain` shows the icon only."""
    items = list(items)
    return {
        "label": label,
        "items": items,
        "icon_name": icon_name,
        "plain": plain,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/post_button.html", takes_context=True)
def post_button(context: template.Context, url: str, label: str, **options: Any) -> dict[str, Any]:
    """`{% post_button url _("Pause") icon_name="player-pause" css="btn-danger" confirm=_("Pause it?") %}`.

    Also key="Alt+P", disabled=True, and name="state" value="paused" for what the button sends.
    """
    return {"url": url, "label": label, "csrf_token": context.get("csrf_token"), **options}


@register.inclusion_tag("components/empty.html", takes_context=True)
def empty_state(context: template.Context, title: str, text: str = "", **options: Any) -> dict[str, Any]:
    """`{% empty_state _("No segments yet") _("A segment is ...") icon_name="users" href=url action=_("New") %}`.

    For first use; `primary=True` makes its button the main one of the page."""
    return {"title": title, "text": text, **options}


@register.inclusion_tag("components/empty.html", takes_context=True)
def empty_filtered(context: template.Context, reset_url: str = "") -> dict[str, Any]:
    """A message that nothing matches the filter, with a link to the page without it."""
    request = context.get("request")
    return {
        "title": _("Nothing matches these filters"),
        "text": _("Remove a filter or widen the period."),
        "icon_name": "filter",
        "href": reset_url or (address_without_filters(request) if request else "?"),
        "action": _("Reset filters"),
    }


@register.inclusion_tag("components/notice.html")
def notice(text: str, tone: str = "info", icon_name: str = "") -> dict[str, Any]:
    """`{% notice _("...") tone="warning" %}`; tone: info, good, warning or bad."""
    icons = {"info": "info-circle", "good": "circle-check", "warning": "alert-triangle", "bad": "alert-circle"}
    return {"text": text, "tone": tone, "icon_name": icon_name or icons[tone]}


@register.inclusion_tag("components/job_progress.html", takes_context=True)
def job_progress(context: template.Context, **options: Any) -> dict[str, Any]:
    """`{% job_progress id="job-7" title=t state="running" done=3 total=8 unit=_("steps") seconds_left=40 poll_url=u
    cancel_url=u href=u error=e %}`; state: queued, running, done, gaps, held, failed or cancelled. While queued or
    running the card polls `poll_url` for its next HTML every 2 s."""
    running = options.get("state") in ("queued", "running")
    return {"csrf_token": context.get("csrf_token"), **options, "running": running}


@register.simple_tag(takes_context=True)
def poll(context: template.Context, region: str, version: str, seconds: int = 2) -> SafeString:
    """`<div id="job-live" {% poll "job-live" version %}>`: this element of the page is asked for again until `version`,
    which says what it shows, is empty."""
    if not version:
        return mark_safe("")
    return format_html(
        'hx-get="{}" hx-headers=\'{{"X-Seen": "{}"}}\' hx-trigger="every {}s" hx-select="#{}" hx-target="this" '
        'hx-swap="outerHTML"',
        context["request"].get_full_path(),
        version,
        seconds,
        region,
    )


@register.filter
def message_tone(message: Any) -> str:
    tones = {levels.SUCCESS: "good", levels.WARNING: "warning", levels.ERROR: "bad"}
    return f"rp-notice-{tones.get(message.level, 'info')}"


@register.filter
def message_icon(message: Any) -> str:
    icons = {levels.SUCCESS: "circle-check", levels.WARNING: "alert-triangle", levels.ERROR: "alert-circle"}
    return icons.get(message.level, "info-circle")


@register.filter
def slug(value: object) -> str:
    """An id from a label, safe for Chinese too."""
    return slugify(str(value), allow_unicode=True)
