"""Writes the shipped order types and dispositions into the database."""

from django.db import transaction

from workorders.order_types import defaults, rules
from workorders.order_types.models import Disposition, OrderType


@transaction.atomic
def install_order_types() -> dict[str, int]:
    """Bring the shipped types and dispositions in. Safe to run again: what an administrator changed stays as it is.

    Gives back {"order_types": new rows, "dispositions": new rows}.
    """
    headings = {}
    made = 0
    for position, (code, name, name_zh) in enumerate(defaults.HEADINGS):
        row, new = Disposition.objects.get_or_create(
            code=code, defaults={"name": name, "name_zh": name_zh, "position": position}
        )
        headings[code], made = row, made + new
    for position, values in enumerate(defaults.DISPOSITIONS):
        given = dict(values)
        code, parent = given.pop("code"), headings[given.pop("parent")]
        _row, new = Disposition.objects.get_or_create(
            code=code, defaults=given | {"parent": parent, "position": position}
        )
        made += new
    types = 0
    for values in defaults.ORDER_TYPES:
        rules.read(values["flow"], values["fields"])
        _type, new = OrderType.objects.get_or_create(code=values["code"], version=values["version"], defaults=values)
        types += new
    return {"order_types": types, "dispositions": made}
