"""The filters of rows that did not land."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from customers.imports.text import BAD_ROW_STATES, code_title, field_title


class BadRowFilter(django_filters.FilterSet):
    """By what is wrong; the choices are the fields and reasons of the rows themselves."""

    state = django_filters.ChoiceFilter(label=_("State"), empty_label=_("All"))
    field = django_filters.ChoiceFilter(label=_("Field"), empty_label=_("All"))
    code = django_filters.ChoiceFilter(label=_("Reason"), empty_label=_("All"))

    def __init__(self, *args: Any, resource: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(self.queryset.order_by().values_list("state", "field", "code").distinct())
        states, fields, codes = (sorted(set(values)) for values in zip(*found, strict=True)) if found else ((), (), ())
        self.filters["state"].extra["choices"] = [(state, BAD_ROW_STATES[state]) for state in states]
        self.filters["field"].extra["choices"] = [(name, field_title(resource, name)) for name in fields if name]
        self.filters["code"].extra["choices"] = [(code, code_title(code)) for code in codes]
