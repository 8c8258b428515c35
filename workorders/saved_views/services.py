"""Views are saved, shared, chosen as default and deleted here: each by its owner alone."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from retention.core.accounts.models import Team, User
from retention.core.errors import Conflict, Invalid, NotFound
from workorders.saved_views.models import DefaultView, SavedView
from workorders.saved_views.queries import PAGES, storable

MAX_VIEWS = 50
MAX_QUERY = 2000


@transaction.atomic
def save_view(*, user: User, page: str, name: str, query: str, team: Team | None = None) -> SavedView:
    """Keep the filters of a list under a name; the same name again replaces them.

    Invalid without a name, for a group that is not the person's, for too long an address or too many views; NotFound
    for a list without views.
    """
    title = name.strip()[:60]
    if page not in PAGES:
        raise NotFound(_("This list keeps no views."))
    if not title:
        raise _wrong("name", _("Give the view a name."))
    if team is not None and not user.teams.filter(pk=team.pk).exists():
        raise _wrong("team", _("There is no such group among yours."))
    kept = storable(page, query=query, user=user)
    if len(kept) > MAX_QUERY:
        raise _wrong("query", _("These are too many filters for a view."))
    own = SavedView.objects.filter(owner=user, page=page)
    if own.exclude(name=title).count() >= MAX_VIEWS:
        raise _wrong("name", _("You have %(count)s views already: delete one first.") % {"count": MAX_VIEWS})
    try:
        with transaction.atomic():
            view, _is_new = SavedView.objects.update_or_create(
                owner=user, page=page, name=title, defaults={"query": kept, "team": team}
            )
    except IntegrityError as error:
        raise Conflict(_("There is a view of this name already."), code="taken") from error
    return view


def delete_view(*, user: User, pk: int) -> SavedView:
    """NotFound for a view of somebody else. For those who had it as default the list opens as it is."""
    view = SavedView.objects.filter(owner=user, pk=pk).first()
    if view is None:
        raise NotFound(_("There is no such view of yours."))
    SavedView.objects.filter(pk=pk).delete()
    return view


def choose_default(*, user: User, page: str, pk: int | None) -> None:
    """The list opens with this view from now on, for this person; None: as it is. NotFound for one out of reach."""
    if pk is None:
        DefaultView.objects.filter(user=user, page=page).delete()
        return
    view = SavedView.objects.usable_by(user, page=page).filter(pk=pk).first()
    if view is None:
        raise NotFound(_("There is no such view."))
    DefaultView.objects.update_or_create(user=user, page=page, defaults={"view": view})


def _wrong(field: str, text: str) -> Invalid:
    return Invalid(text, details=[{"field": field, "code": "invalid", "message": text}])
