"""Form fields; loaded with `{% load ui %}`."""

from typing import Any

from django import forms, template
from django.forms import BoundField

from retention.core.ui.filters import address_without_filters, chips_for

register = template.Library()

CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)
UNTOUCHED = (*CHOICES, forms.HiddenInput, forms.MultipleHiddenInput, forms.MultiWidget)


@register.inclusion_tag("components/field.html")
def field_group(field: BoundField, placeholder: str = "", **attributes: Any) -> dict[str, Any]:
    """`{% field_group form.name %}`: label, input, help and errors of one field; keywords become attributes
    (`data_key="Alt+N"` becomes data-key)."""
    widget = field.field.widget
    attrs = {name.replace("_", "-"): value for name, value in attributes.items()}
    if placeholder:
        attrs["placeholder"] = placeholder
    css = _css(widget)
    if css:
        given = widget.attrs.get("class", "")
        attrs["class"] = " ".join(filter(None, [given, css, "is-invalid" if field.errors else ""]))
    described = [f"{field.auto_id}_helptext"] if field.help_text else []
    if field.errors:
        described.append(f"{field.auto_id}_error")
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return {
        "field": field,
        "kind": _kind(widget),
        "input": field.as_widget(attrs=attrs),
        "described": attrs.get("aria-describedby", ""),
        "required_mark": field.field.required and field.form.use_required_attribute,
    }


@register.inclusion_tag("components/filter_form.html", takes_context=True)
def filter_form(context: template.Context, filterset: Any, keep: str = "sort per_page view") -> dict[str, Any]:
    """`{% filter_form filterset %}`: a django-filter FilterSet (or a bound GET form) as a row, with chips below.

    Parameters named in `keep` survive; the page number does not.
    """
    form = getattr(filterset, "form", filterset)
    query = context["request"].GET
    kept = [(name, value) for name in keep.split() if name not in form.fields for value in query.getlist(name)]
    return {**_chips(context, form), "form": form, "kept": kept, "path": context["request"].path}


@register.inclusion_tag("components/chips.html", takes_context=True)
def filter_chips(context: template.Context, filterset: Any) -> dict[str, Any]:
    """`{% filter_chips filterset %}`: only the removable chips of the filters in force."""
    return _chips(context, getattr(filterset, "form", filterset))


def _chips(context: template.Context, form: forms.BaseForm) -> dict[str, Any]:
    request = context["request"]
    return {"chips": chips_for(form, request.GET, request.path), "reset_url": address_without_filters(request)}


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "choices" if isinstance(widget, (*CHOICES, forms.MultiWidget)) else "input"


def _css(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, UNTOUCHED):
        return ""
    return "form-select" if isinstance(widget, forms.Select) else "form-control"
