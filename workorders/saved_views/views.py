"""Opening, saving and deleting views of a list."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict, Invalid, NotFound
from workorders.saved_views import services
from workorders.saved_views.models import SavedView
from workorders.saved_views.queries import PAGES, default_view, understood, views_for


@require("work.supervise")
@require_safe
def open_view(request: StaffRequest, pk: int) -> HttpResponse:
    """To the list with the view's filters; says which of them the list does not understand any more."""
    view = SavedView.objects.filter(pk=pk).first()
    if view is None or not SavedView.objects.usable_by(request.user, page=view.page).filter(pk=pk).exists():
        raise NotFound(_("There is no such view."))
    query, lost = understood(view, user=request.user)
    if lost:
        said = _("The view %(name)s filters by something that this list does not know any more: %(fields)s.")
        fields = pgettext("between the values of a list", ", ").join(lost)
        messages.warning(request, said % {"name": view.name, "fields": fields})
    query["view"] = str(view.pk)
    return redirect(f"{reverse(PAGES[view.page])}?{query.urlencode()}")


@require("work.supervise")
@require_POST
def save(request: StaffRequest) -> HttpResponse:
    """POST page, query, name, team (a code of the person's groups, or none), default."""
    page, query = request.POST.get("page", ""), request.POST.get("query", "")
    if page not in PAGES:
        raise NotFound(_("This list keeps no views."))
    team = request.user.teams.filter(code=request.POST.get("team", "")).first()
    try:
        view = services.save_view(
            user=request.user, page=page, name=request.POST.get("name", ""), query=query, team=team
        )
    except (Invalid, Conflict) as problem:
        messages.error(request, problem.message)
        return redirect(f"{reverse(PAGES[page])}?{QueryDict(query).urlencode()}")
    if request.POST.get("default"):
        services.choose_default(user=request.user, page=page, pk=view.pk)
    messages.success(request, _("The view %(name)s is saved.") % {"name": view.name})
    return redirect("saved_views:open", view.pk)


@require("work.supervise")
@require_POST
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """POST `do`: default, plain (no view by default) or delete."""
    view = SavedView.objects.filter(pk=pk).first()
    if view is None:
        raise NotFound(_("There is no such view."))
    match request.POST.get("do"):
        case "default":
            services.choose_default(user=request.user, page=view.page, pk=pk)
            messages.success(request, _("The list opens with the view %(name)s from now on.") % {"name": view.name})
        case "plain":
            services.choose_default(user=request.user, page=view.page, pk=None)
            messages.success(request, _("The list opens without a view from now on."))
        case "delete":
            services.delete_view(user=request.user, pk=pk)
            messages.success(request, _("The view %(name)s is deleted.") % {"name": view.name})
            return redirect(f"{reverse(PAGES[view.page])}?view=none")
    return redirect("saved_views:open", pk)


def opened_by_default(request: StaffRequest, *, page: str) -> HttpResponse | None:
    """Where a list without any filter in its address leads for this person; None for nowhere."""
    if request.GET or request.htmx:
        return None
    view = default_view(request.user, page=page)
    return redirect("saved_views:open", view.pk) if view is not None else None


def views_context(user: User, *, page: str, query: QueryDict) -> dict[str, object]:
    """What `workorders/saved_views/_views.html` shows above a list."""
    views = views_for(user, page=page)
    asked = query.get("view", "")
    kept = query.copy()
    for key in ("view", "page", "live"):
        kept.pop(key, None)
    return {
        "views": views,
        "view_page": page,
        "open_view": next((one for one in views if str(one.pk) == asked), None),
        "default_pk": next((one.pk for one in views if one.is_default), None),
        "view_query": kept.urlencode(),
        "own_teams": list(user.teams.all()),
    }
