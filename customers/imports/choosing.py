"""What was chosen on the page of columns."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from customers.imports.labels import field_label
from customers.imports.look import Look
from customers.imports.page import OWN, translations
from customers.imports.picks import OWN_FIELDS, Pick, Picks, fields_of
from customers.imports.values import choices_of, recognise_pick
from customers.imports.ways import ways_for
from customers.ingest.resource import Field, Resource


def read(
    resource: Resource, seen: Look, post: Mapping[str, str], *, before: Picks, today: date
) -> tuple[Picks, list[str]]:
    """(choices, sentences about what is wrong with them) of a form that was sent. before: what the page showed.

    A column that now goes to another field gets that field's most likely way and values.
    """
    known = fields_of(resource)
    wrong: list[str] = []
    picks = Picks(distinct=bool(post.get("distinct")), given_day=_day(post.get("given_day", ""), today, wrong))
    for number, column in enumerate(seen.columns):
        name = post.get(f"field-{number}", "")
        if name == OWN and resource.name == OWN_FIELDS:
            picks.own.append(column)
        elif name in known and name in picks.fields:
            words = {"field": field_label(known[name]), "columns": f"{picks.fields[name].source}, {column}"}
            wrong.append(_("%(field)s is chosen for more than one column: %(columns)s.") % words)
        elif name in known:
            picks.fields[name] = _column_pick(resource, known[name], seen, post, number, column, before)
    for name, one in known.items():
        if name not in picks.fields and (pick := _field_pick(one, seen, post)):
            picks.fields[name] = pick
    _order(picks, known)
    return picks, wrong


def _order(picks: Picks, known: dict[str, Field]) -> None:
    picks.fields = {name: picks.fields[name] for name in known if name in picks.fields}


def _column_pick(
    resource: Resource, one: Field, seen: Look, post: Mapping[str, str], number: int, column: str, before: Picks
) -> Pick:
    if before.field_of(column) != one.name:
        return recognise_pick(one, column, seen.samples[column])
    way = post.get(f"way-{number}", "")
    if way and way not in dict(ways_for(one)):
        way = ""
    old = before.fields[one.name]
    shown = translations(resource, one, number, seen.samples[column], old)
    chosen = {value.old: post.get(value.name, "") for value in shown}
    values = {text: new for text, new in chosen.items() if new in choices_of(one)}
    return Pick(column, way=way, values=values)


def _field_pick(one: Field, seen: Look, post: Mapping[str, str]) -> Pick | None:
    source, constant = post.get(f"from-{one.name}", ""), post.get(f"const-{one.name}", "").strip()[:200]
    if source in seen.columns:
        return recognise_pick(one, source, seen.samples[source])
    return Pick(constant=constant) if constant else None


def _day(text: str, today: date, wrong: list[str]) -> date:
    try:
        return date.fromisoformat(text) if text else today
    except ValueError:
        wrong.append(_("The given day is not a date."))
        return today


def missing(resource: Resource, picks: Picks) -> list[str]:
    """Labels of the fields that must be given and are not."""
    made = {"name", "value"} if picks.own else set()
    return [field_label(f) for f in resource.fields if f.required and f.name not in {*picks.fields, *made}]
