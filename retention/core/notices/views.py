"""One's own notices: the list, the bell of the header, reading, and which also come by e-mail."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.notices.filters import NoticeFilter
from retention.core.notices.forms import PreferenceForm
from retention.core.notices.models import DEFAULT_MAILED, Notice, NoticePreference, NoticeQuerySet
from retention.core.notices.queries import unread_count
from retention.core.notices.services.reading import mark_read, save_preference
from retention.core.notices.tables import NoticeTable
from retention.core.ui.filters import parse_numbers, parse_query
from retention.core.ui.listing import ListPage

# Number at the last poll: 204 while it is unchanged.
SEEN_HEADER = "X-Seen"


class NoticeList(ListPage):
    """Unread ones first."""

    name = "notices"
    permission = "home"
    template_name = "core/notices/list.html"
    table_class = NoticeTable
    filterset_class = NoticeFilter

    def get_queryset(self) -> NoticeQuerySet:
        return Notice.objects.of(self.user).for_list()


@require("home")
@require_GET
def bell(request: StaffRequest) -> HttpResponse:
    """The bell alone; it polls itself."""
    if request.headers.get(SEEN_HEADER) == str(unread_count(request)):
        return HttpResponse(status=204)
    return render(request, "core/notices/_bell.html")


@require("home")
@require_GET
def notice_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Mark a notice of one's own read and go where it leads."""
    notice = get_object_or_404(Notice.objects.of(request.user), pk=pk)
    mark_read(notices=Notice.objects.filter(pk=notice.pk), now=clock.now())
    return redirect(notice.where)


@require("home")
@require_POST
def read_notices(request: StaffRequest) -> HttpResponse:
    """Mark the selected notices read, or with `all` those that match the filters in `query` (every one without)."""
    own = Notice.objects.of(request.user)
    if "all" in request.POST:
        chosen = NoticeFilter(parse_query(request.POST.get("query", "")), queryset=own).qs
    else:
        chosen = own.filter(pk__in=_selected_ids(request))
    count = mark_read(notices=chosen, now=clock.now())
    text = ngettext("%(count)d notice marked as read.", "%(count)d notices marked as read.", count)
    messages.success(request, text % {"count": count})
    return redirect("core:notices")


@require("home")
@require_http_methods(["GET", "POST"])
def preference_page(request: StaffRequest) -> HttpResponse:
    """Which urgencies also come by e-mail."""
    kept = NoticePreference.objects.filter(person_id=request.user.pk).values_list("mailed", flat=True).first()
    # A form without a ticked box is sent empty, so only the method shows whether it was sent.
    sent = request.POST if request.method == "POST" else None
    form = PreferenceForm(sent, initial={"mailed": DEFAULT_MAILED if kept is None else kept})
    if form.is_valid():
        save_preference(person=request.user, mailed=form.cleaned_data["mailed"])
        messages.success(request, _("Your preferences are saved."))
        return redirect("core:notice-preferences")
    return render(request, "core/notices/preferences.html", {"form": form}, status=422 if form.is_bound else 200)


def _selected_ids(request: StaffRequest) -> list[int]:
    return parse_numbers(request.POST.getlist("row"))
