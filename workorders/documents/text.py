from typing import Any

from django.template.defaultfilters import filesizeformat

from campaigns.scenarios.order_types import order_types
from retention.core.managed.text import Words
from retention.core.ui.formats import DASH


def format_file(content: dict[str, Any]) -> str:
    return f"{content['name']} ({filesizeformat(content['size'])})" if content else DASH


def format_types(codes: list[str]) -> str:
    titles = dict(order_types())
    return ", ".join(titles.get(code, code) for code in codes) or DASH


def document_words() -> Words:
    return {"content": format_file, "order_types": format_types}
