"""Every component on two made-up pages, rendered by the real engine: what the browser tests look at.

By hand: `python -m tests.core.ui.gallery` serves it on http://127.0.0.1:8765/ with the product's own policy.
"""

import os
import sys
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import django
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, QueryDict
from django.test import RequestFactory

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
MONTHS = [f"{2026 - (i > 10)}-{(11 - i - 1) % 12 + 1:02d}" for i in range(11, -1, -1)]
PERSON = SimpleNamespace(
    get_username="supervisor",
    get_full_name="Li Wei",
    is_authenticated=True,
    may=lambda permission: False,
    theme="light",
    shortcuts=True,
)


def request_for(path: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = PERSON
    return request


def nav(active: str) -> list[dict]:
    entries = [
        ("Home", "home", "/", "", "g o"),
        ("Customers", "users", "/customers/", "", "g c"),
        ("Analysis", "chart-bar", "/analysis/", "Insight", ""),
        ("Cube", "cube", "/cube/", "Insight", "g p"),
        ("Churn warning", "alert-triangle", "/churn/", "Insight", ""),
        ("Segments", "users-group", "/segments/", "Campaigns", "g s"),
        ("Campaigns", "speakerphone", "/campaigns/", "Campaigns", ""),
        ("Console", "headset", "/work/", "Work", "g d"),
        ("Jobs", "clock", "/jobs/", "System", ""),
    ]
    return [
        {"label": label, "icon": icon, "url": url, "group": group, "key": key, "active": url == active}
        for label, icon, url, group, key in entries
    ]


def people_table(request: HttpRequest, rows: int = 60, region: str = "people"):
    import django_tables2 as tables

    from retention.core.ui.tables.base import BaseTable
    from retention.core.ui.tables.columns import BarColumn, DueColumn, MoneyColumn, PhoneColumn, RiskColumn, SparkColumn

    class People(BaseTable):
        caption = f"Customers at risk ({region})"
        bulk_actions = ({"value": "segment", "label": "Add to segment", "icon": "users-group"},)
        bulk_url = "/customers/bulk/"
        today = DAY
        region_id = region

        number = tables.Column(verbose_name="Number")
        name = tables.Column(verbose_name="Name")
        phone = PhoneColumn(verbose_name="Phone")
        tier = RiskColumn(verbose_name="Risk")
        probability = BarColumn(verbose_name="Probability", tone=lambda row: row["tier"])
        fee = MoneyColumn(verbose_name="Monthly fee")
        due = DueColumn(verbose_name="Contract ends")
        usage = SparkColumn(verbose_name="Usage, 12 months")

        def row_url(self, record):
            return f"/customers/{record['number']}/"

        def row_value(self, record):
            return record["number"]

    tiers = ["critical", "high", "medium", "low"]
    data = [
        {
            "number": f"S{100200 + i}",
            "name": ["Wang Fang", "张伟", "Chen Jing", "欧阳明月"][i % 4],
            "phone": f"138{10000000 + i * 37}",
            "tier": tiers[i % 4],
            "probability": [0.86, 0.61, 0.33, 0.08][i % 4],
            "fee": 39 + i * 12.5,
            "due": DAY + timedelta(days=i * 3 - 6),
            "usage": [50 - m * (i % 4) + (m * 7 + i) % 9 for m in range(12)],
        }
        for i in range(rows)
    ]
    return People(data, request=request)


def charts() -> dict:
    from retention.core.ui import charts as c

    churn = [0.021, 0.022, 0.02, 0.023, 0.024, 0.026, 0.025, 0.027, 0.029, 0.028, 0.031, 0.03]
    return {
        "line": c.chart(
            "line",
            title="Churn by month",
            x=MONTHS,
            format="percent",
            threshold=(0.03, "Alert"),
            data=[
                c.series("This year", churn),
                c.series("Last year", [v * 0.9 for v in churn], tone="muted", dashed=True),
            ],
            band=("Forecast", [v - 0.003 for v in churn], [v + 0.003 for v in churn]),
        ),
        "stacked": c.chart(
            "stacked",
            title="Customers by plan and contract",
            x=["5G 99", "5G 129", "4G 59", "4G 39"],
            data=[
                c.series("In contract", [18200, 9100, 4100, 2200]),
                c.series("Out of contract", [3100, 2400, 8800, 12900]),
            ],
            links=[f"/customers/?plan={i}" for i in range(4)],
        ),
        "heat": c.heatmap(
            title="Churn by region and tenure",
            x=["0-6", "7-12", "13-24", "25-48", "49+"],
            y=["Guangzhou", "Shenzhen", "Foshan"],
            cells=[
                [0.05, 0.041, 0.03, 0.02, 0.011],
                [0.06, 0.05, 0.033, 0.024, 0.013],
                [0.03, 0.02, 0.018, 0.012, None],
            ],
            format="percent",
            links=[[f"/customers/?r={y}&t={x}" for x in range(5)] for y in range(3)],
        ),
        "funnel": c.funnel(
            title="Campaign funnel",
            stages=["Target", "Dialled", "Reached", "Listened", "Accepted"],
            values=[12000, 9800, 6100, 4300, 1290],
        ),
        "pie": c.chart(
            "pie",
            title="Reasons",
            x=["Price", "Coverage", "Moved", "Service"],
            data=[c.series("Customers", [420, 260, 120, 90])],
        ),
        "interval": c.intervals(
            title="Uplift by segment",
            x=["All", "5G", "Out of contract", "New"],
            middle=[0.021, 0.012, 0.044, -0.006],
            low=[0.011, -0.004, 0.03, -0.02],
            high=[0.031, 0.028, 0.058, 0.008],
        ),
        "scatter": c.scatter(
            title="Calibration",
            x_name="Predicted",
            y_name="Observed",
            format="percent",
            diagonal=True,
            points=[(i / 10, i / 10 + (-1) ** i * 0.02, f"Decile {i}", "") for i in range(1, 10)],
        ),
        "share": c.chart(
            "share",
            title="Outcomes by hour",
            x=["9", "10", "11", "14", "15"],
            format="percent",
            horizontal=True,
            data=[
                c.series("Accepted", [5, 8, 9, 4, 6], tone="good"),
                c.series("Refused", [9, 7, 8, 9, 5], tone="bad"),
                c.series("No answer", [20, 14, 12, 9, 11], tone="muted"),
            ],
        ),
    }


def dashboard_context(path: str) -> dict:
    from tests.core.ui.forms import Demo, Filters

    request = request_for(path)
    table = people_table(request, rows=8).paged()
    filled = Demo(QueryDict("name=&note=x"))
    filled.is_valid()
    return {
        "request": request,
        "user": PERSON,
        "nav": nav("/churn/"),
        "business_date": DAY,
        "read_at": NOW,
        "as_of": DAY - timedelta(days=2),
        "csrf_token": "token",
        "table": table,
        "empty_table": people_table(request_for("/?tier=low"), rows=0, region="none").paged(),
        "charts": charts(),
        "filters": Filters(request.GET),
        "form": filled,
        "kpis": [
            {
                "label": "Churn, month",
                "value": 0.0312,
                "kind": "percent",
                "delta": 0.004,
                "delta_kind": "points",
                "better": "down",
                "delta_label": "on month",
                "spark": [2, 2.2, 2.1, 2.6, 3.1],
                "href": "/analysis/churn/",
                "target": 0.028,
                "state": "bad",
                "state_label": "Over alert",
            },
            {
                "label": "Kept by campaigns",
                "value": 12834,
                "delta": 0.082,
                "better": "up",
                "delta_label": "on month",
                "spark": [3, 4, 4, 6, 7],
                "href": "/campaigns/",
            },
            {
                "label": "Value kept",
                "value": 1284300,
                "kind": "money_compact",
                "delta": -0.02,
                "better": "up",
                "delta_label": "on year",
            },
            {
                "label": "Orders open",
                "value": 904,
                "delta": 0,
                "delta_label": "on yesterday",
                "previous": 904,
                "previous_label": "before",
            },
            {"label": "Talk time", "value": 412, "kind": "duration", "note": "median"},
        ],
        "items": [
            {
                "at": NOW,
                "title": "Called, will think about it",
                "icon": "phone",
                "tone": "good",
                "actor": "agent1",
                "badge": "call back",
            },
            {
                "at": NOW - timedelta(days=3),
                "title": "Complaint: slow data",
                "icon": "alert-circle",
                "tone": "bad",
                "text": "Third in 30 days.",
            },
            {"at": DAY - timedelta(days=9), "title": "Contract renewed", "icon": "file-text", "href": "/x/"},
        ],
        "facts": [("Plan", "5G 129"), ("Contract ends", "2026-12-31"), ("Arrears", None)],
        "tab_items": [
            {"label": "Customers", "url": "?tab=customers", "active": True, "count": 3904},
            {"label": "Reasons", "url": "?tab=reasons"},
        ],
        "menu": [
            {"label": "See the rows", "url": "/rows/", "icon": "table"},
            {"divider": True},
            {"label": "Delete", "url": "/delete/", "icon": "trash", "method": "post", "confirm": "Delete it?"},
        ],
        "messages": [Message(25, "The campaign is saved."), Message(30, "Two rows were left out.")],
    }


PAGES = {
    "/": ("ui/gallery.html", dashboard_context),
    "/console/": ("ui/console.html", dashboard_context),
    "/login/": ("core/accounts/login.html", dashboard_context),
    "/403/": ("403.html", dashboard_context),
    "/500/": ("500.html", dashboard_context),
}


def render(path: str, *, theme: str = "light", language: str = "en") -> str:
    """One page of the gallery as HTML."""
    from django.conf import settings
    from django.template.backends.django import DjangoTemplates
    from django.utils import translation

    template, context = PAGES[path]
    options = {key: value for key, value in settings.TEMPLATES[0]["OPTIONS"].items() if key != "context_processors"}
    dirs = [settings.BASE_DIR / "templates", settings.BASE_DIR / "tests" / "core" / "ui" / "templates"]
    engine = DjangoTemplates({"NAME": "gallery", "DIRS": dirs, "APP_DIRS": True, "OPTIONS": options})
    with translation.override(language):
        values = {**context(path + "?tier=high&region=GD&region=ZJ"), "theme": theme}
        request = values.pop("request")
        return engine.get_template(template).render({**values, "request": request})


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "retention.settings")
    os.environ.setdefault("DEBUG", "1")
    django.setup()
    from tests.core.ui.server import serve

    server = serve(int(sys.argv[1]) if len(sys.argv) > 1 else 8765)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}/?theme=dark&language=zh-hans\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
