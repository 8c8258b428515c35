"""Small figures drawn on the server as SVG: they print, need no script and no inline style."""

from collections.abc import Callable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from retention.core.ui import formats

WIDTH, HEIGHT, PAD = 100, 28, 3


def _named(label: str) -> SafeString:
    return format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')


def sparkline(values: Sequence[float | None], label: str = "") -> SafeString:
    """One line through `values` (oldest first); None leaves a gap, fewer than two numbers draw nothing."""
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:
        return SafeString("")
    low, high = min(known), max(known)
    reach = (high - low) or 1
    step = WIDTH / (len(values) - 1)
    runs: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        y = HEIGHT - PAD - (float(value) - low) / reach * (HEIGHT - 2 * PAD)
        runs[-1].append(f"{place * step:.1f},{y:.1f}")
    drawn = [run for run in runs if run]
    lines = format_html_join("", '<polyline points="{}"/>', ((" ".join(run),) for run in drawn if len(run) > 1))
    # A point between two gaps is no line; without a mark it would not be seen.
    alone = format_html_join(
        "", '<path class="rp-spark-end" d="M{} {}h0"/>', (run[0].split(",") for run in drawn[:-1] if len(run) == 1)
    )
    end = drawn[-1][-1].split(",")
    return format_html(
        '<svg class="rp-spark" viewBox="0 0 {} {}" preserveAspectRatio="none" {}>{}{}'
        '<path class="rp-spark-end" d="M{} {}h0"/></svg>',
        WIDTH, HEIGHT, _named(label), lines, alone, end[0], end[1],
    )  # fmt: skip


def bar(
    value: float | None, maximum: float = 1, *, tone: str = "", label: str = "", mark: float | None = None
) -> SafeString:
    """A horizontal bar of `value` out of `maximum`; `mark` (same unit) draws a threshold line."""
    if value is None:
        return format_html("{}", formats.DASH)
    share = _share(value, maximum)
    line = (
        format_html('<rect class="rp-bar-mark" x="{}" width="1" height="8"/>', _share(mark, maximum))
        if mark is not None
        else ""
    )
    css = f"rp-bar rp-bar-{tone}" if tone else "rp-bar"
    return format_html(
        '<svg class="{}" viewBox="0 0 100 8" preserveAspectRatio="none" {}><rect class="rp-bar-track" width="100" '
        'height="8"/><rect class="rp-bar-fill" width="{}" height="8"/>{}</svg>',
        css, _named(label), share, line,
    )  # fmt: skip


def _share(value: float, maximum: float) -> str:
    return f"{min(max(float(value) / float(maximum or 1), 0), 1) * 100:.1f}"


def delta(value: float | None, better: str, kind: str, icon: Callable[..., SafeString]) -> SafeString:
    """A change with an arrow; its colour means good or bad (`better` is up or down), not the direction."""
    if value is None:
        return format_html('<span class="rp-delta">{}</span>', formats.DASH)
    shown = {
        "percent": lambda: formats.signed(float(value) * 100, 1) + "%",
        "points": lambda: formats.points(value),
        "money": lambda: ("+" if value > 0 else "") + formats.money(value, 0),
    }.get(kind, lambda: formats.signed(value))()
    way = "up" if value > 0 else "down" if value < 0 else ""
    css = "" if not way or not better else "rp-good" if way == better else "rp-bad"
    arrow = icon({"up": "arrow-up", "down": "arrow-down"}.get(way, "minus"))
    return format_html('<span class="rp-delta {}">{}{}</span>', css, arrow, shown)
