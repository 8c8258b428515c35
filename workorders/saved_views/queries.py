"""Which views a person may open, and what of a view a list still understands."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import QueryDict

from retention.core.accounts.models import User
from retention.core.registry import Registry
from retention.core.ui.listing import restore_list
from workorders.saved_views.models import DefaultView, SavedView

# {name of a list with saved views: name of its page}; declared by the feature that has the list.
PAGES: Registry[str, str] = Registry("list with saved views")
# What of an address is no filter and belongs to a view all the same.
KEPT = ("sort", "per_page")


def views_for(user: User, *, page: str) -> list[Any]:
    """The views that the person may open, with `is_default` of the one that opens the list."""
    chosen = DefaultView.objects.filter(user=user, page=page, view=OuterRef("pk"))
    return list(SavedView.objects.usable_by(user, page=page).annotate(is_default=Exists(chosen)))


def default_view(user: User, *, page: str) -> SavedView | None:
    """The one that the person has chosen, as long as the person may open it."""
    chosen = DefaultView.objects.filter(user=user, page=page).values("view")
    return SavedView.objects.usable_by(user, page=page).filter(pk__in=chosen).first()


def understood(view: SavedView, *, user: User) -> tuple[QueryDict, list[str]]:
    """The query string without what the list does not know any more, or not for this person; and the names of that.

    A filter that is gone, a choice that is gone, an agent of another group.
    """
    asked = QueryDict(view.query, mutable=True)
    form = restore_list(name=view.page, query=view.query, arguments={}, user=user).form
    if form is None:
        return asked, []
    lost = [key for key in asked if key not in form.fields and key not in KEPT]
    for name, errors in form.errors.items():
        if errors and name in asked:
            lost.append(name)
    named = [str(form.fields[name].label) if name in form.fields else name for name in lost]
    for name in lost:
        del asked[name]
    return asked, named


def storable(page: str, *, query: str, user: User) -> str:
    """Of a query string what a view keeps: the filters that the list knows, its order and its page size."""
    given = QueryDict(query, mutable=True)
    form = restore_list(name=page, query=query, arguments={}, user=user).form
    known = {*KEPT, *(form.fields if form is not None else ())}
    for key in list(given):
        given.setlist(key, [value for value in given.getlist(key) if value])
        if key not in known or not given.getlist(key):
            del given[key]
    return given.urlencode()
