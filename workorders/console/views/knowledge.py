"""The knowledge base beside the call form: what suits the call, a search, one article. Asked for by the drawer only."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import NotFound
from workorders.console.forms import ANSWER_PREFIX
from workorders.console.views.call_screen import visible_order
from workorders.knowledge.queries.listing import found_versions
from workorders.knowledge.queries.search import Found, find
from workorders.knowledge.queries.suited import reasons_of_call, sayable_themes, suited
from workorders.knowledge.services.use import open_on_call
from workorders.knowledge.views.reading import shown, vote_context

SHOWN_FOUND = 12


@require("work.do")
@require_GET
def knowledge_list(request: StaffRequest, order_no: str) -> HttpResponse:
    """`q`: what is searched for; without it what suits the call, by the answers and the disposition chosen so far."""
    order = visible_order(request, order_no)
    if text := request.GET.get("q", "").strip():
        found = find(user=request.user, text=text, limit=SHOWN_FOUND)
        context = {
            "versions": found_versions(found.ids, request.user),
            "found": found,
            "text": text,
            "order_no": order_no,
        }
        return render(request, "workorders/console/_knowledge_list.html", context)
    answers = {
        name.removeprefix(ANSWER_PREFIX): str(value)
        for name, value in request.GET.items()
        if name.startswith(ANSWER_PREFIX)
    }
    reasons = reasons_of_call(order, answers, request.GET.get("disposition", ""))
    context = {
        "versions": suited(user=request.user, reasons=reasons),
        "found": Found([]),
        "themes": sayable_themes(reasons),
    }
    return render(request, "workorders/console/_knowledge_list.html", context | {"order": order, "order_no": order_no})


@require("work.do")
@require_POST
def open_article(request: StaffRequest, order_no: str, code: str) -> HttpResponse:
    """One article to read; noted with the order while the agent has it on the desk."""
    order = visible_order(request, order_no)
    try:
        version = open_on_call(order=order, agent=request.user, code=code, now=clock.now())
    except NotFound as error:
        raise Http404(code) from error
    context = {"version": version, "shown": shown(version), **vote_context(version, request.user.pk)}
    return render(request, "workorders/console/_knowledge_article.html", context)
