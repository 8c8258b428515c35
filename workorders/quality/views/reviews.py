"""The queue of reviews, the page of one, and what agents and supervisors say to it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers.contacts.numbers import call_number
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict, Invalid, NotFound
from retention.core.masking import mask_phones
from retention.core.ui import formats
from retention.core.ui.listing import ListPage
from workorders.console.queries import line_of, order_pane
from workorders.orders.models import Transition, WorkOrder
from workorders.quality.forms import AnswerForm, ReplyForm, ReviewFilter, ReviewForm, SheetChoiceForm
from workorders.quality.models import Review, ReviewQuerySet
from workorders.quality.queries.results import reviews_for
from workorders.quality.services.drawing import choose_order
from workorders.quality.services.reviewing import answer, finish_review, may_review, reply
from workorders.quality.tables import OwnReviewTable, ReviewTable
from workorders.quality.text import STATE_TONES, format_score, masked_item, masked_name
from workorders.supervision.views.board import PeriodPage


class ReviewList(PeriodPage):
    """Calls drawn for review, and those reviewed; never the reader's own."""

    name = "reviews"
    permission = "quality.view"
    template_name = "workorders/quality/reviews.html"
    table_class = ReviewTable
    form_class = ReviewFilter

    def get_queryset(self) -> ReviewQuerySet:
        return reviews_for(self.user, self.period.first, self.period.last, self.cleaned).for_list()

    def get_context_data(self) -> dict[str, Any]:
        visible = Review.objects.visible_to(self.user)
        objections = visible.filter(reply=Review.Reply.OBJECTED, answered_at=None)
        may = self.user.may("quality.review")
        return super().get_context_data() | {
            "may_review": may,
            "waiting": Review.objects.open_to(self.user).count() if may else 0,
            "next": Review.objects.open_to(self.user).order_by("contact_at", "pk").first() if may else None,
            "objections": objections.exclude(agent=self.user).order_by("replied_at")[:20],
        }


class OwnReviews(ListPage):
    """Finished reviews of the own calls. Exporting them takes no permission: they are the reader's own."""

    name = "own-reviews"
    permission = export_permission = "work.do"
    parent = ("workorders:mine", gettext_lazy("My work"))
    table_class = OwnReviewTable

    def get_queryset(self) -> QuerySet[Review]:
        return Review.objects.of_agent(self.user).for_list()


@require("quality.view")
@require_safe
def review_page(request: StaffRequest, pk: int) -> HttpResponse:
    return _page(request, _find(request.user, pk))


@require("quality.review")
@require_POST
def finish(request: StaffRequest, pk: int) -> HttpResponse:
    review = _find(request.user, pk)
    form = ReviewForm(request.POST, criteria=review.as_criteria())
    if not form.is_valid():
        return _page(request, review, form=form, status=422)
    try:
        finish_review(
            pk=pk,
            reviewer=request.user,
            scores=form.scores(),
            comments=form.comments(),
            comment=form.cleaned_data["comment"],
            now=clock.now(),
        )
    except Invalid as error:
        for one in error.details:
            name = f"s_{one['field']}"
            form.add_error(name if name in form.fields else None, one["message"])
        if not error.details:
            form.add_error(None, error.message)
        return _page(request, review, form=form, status=error.status)
    except Conflict as error:
        return _page(request, _find(request.user, pk), problem=str(error.message), status=error.status)
    messages.success(request, _("The review is saved."))
    if review.calibration_id:
        return redirect("quality:calibration", review.calibration_id)
    return redirect("quality:review", pk)


@require("work.do")
@require_safe
def own_page(request: StaffRequest, pk: int) -> HttpResponse:
    return _own(request, pk)


@require("work.do")
@require_POST
def send_reply(request: StaffRequest, pk: int) -> HttpResponse:
    """The agent acknowledges (`acknowledge`) or objects."""
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _own(request, pk, form=form, status=422)
    objects = "acknowledge" not in request.POST
    try:
        reply(pk=pk, agent=request.user, objects=objects, text=form.cleaned_data["text"], now=clock.now())
    except Invalid as error:
        form.add_error("text", error.message)
        return _own(request, pk, form=form, status=error.status)
    except Conflict as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Your reply is saved."))
    return redirect("quality:own", pk)


@require("quality.review")
@require_POST
def send_answer(request: StaffRequest, pk: int) -> HttpResponse:
    """The answer to an objection; with `set_aside` the review counts no more."""
    form = AnswerForm(request.POST)
    review = _find(request.user, pk)
    if not form.is_valid():
        return _page(request, review, answer_form=form, status=422)
    text, sets_aside = form.cleaned_data["text"], "set_aside" in request.POST
    try:
        answer(pk=pk, actor=request.user, sets_aside=sets_aside, text=text, now=clock.now())
    except Invalid as error:
        form.add_error("text", error.message)
        return _page(request, review, answer_form=form, status=error.status)
    except Conflict as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Your answer is saved."))
    return redirect("quality:review", pk)


@require("quality.review")
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: StaffRequest, order_no: str) -> HttpResponse:
    """Put the last contact of an order in the queue by hand, by one of the sheets in use."""
    order = WorkOrder.objects.visible_to(request.user).filter(order_no=order_no).first()
    if order is None:
        raise NotFound(_("There is no such order."))
    form = SheetChoiceForm(request.POST or None, user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                review = choose_order(
                    order_no=order_no, sheet=form.cleaned_data["sheet"].code, actor=request.user, now=clock.now()
                )
                return redirect("quality:reviews" if review.agent_id == request.user.pk else review_address(review))
            except Conflict as error:
                form.add_error(None, str(error.message))
                status = error.status
    context = {"form": form, "order": order}
    return render(request, "workorders/quality/choose.html", context, status=status)


def review_address(review: Review) -> str:
    return reverse("quality:review", args=[review.pk])


def _find(user: User, pk: int) -> Review:
    """One that the person may see: an ordinary one of the own branches, or their part of a calibration; not of the own
    work."""
    rows = Review.objects.for_list().select_related("calibration")
    row = rows.filter(pk=pk).exclude(agent=user).first()
    ordinary = Review.objects.visible_to(user).filter(pk=pk)
    if row is None or not (row.reviewer_id == user.pk if row.calibration_id else ordinary.exists()):
        raise NotFound(_("There is no such review."))
    return row


def _own(request: StaffRequest, pk: int, *, form: ReplyForm | None = None, status: int = 200) -> HttpResponse:
    review = Review.objects.of_agent(request.user).for_list().filter(pk=pk).first()
    if review is None:
        raise NotFound(_("There is no such review."))
    context = _shared(review) | {"own": True, "reply_form": form or ReplyForm()}
    return render(request, "workorders/quality/review.html", context, status=status)


def _page(
    request: StaffRequest,
    review: Review,
    *,
    form: ReviewForm | None = None,
    answer_form: AnswerForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    waits = review.state == Review.State.WAITING and may_review(review, request.user)
    context = _shared(review) | {
        "form": (form or ReviewForm(criteria=review.as_criteria())) if waits else None,
        "answer_form": answer_form or AnswerForm(),
        "may_answer": review.awaits_answer and request.user.may("quality.review"),
        "problem": problem,
    }
    return render(request, "workorders/quality/review.html", context, status=status)


def _shared(review: Review) -> dict[str, Any]:
    """The call as it is judged, the customer's data masked, and the marks there are."""
    order, line = review.order, line_of(review.order)
    pane = order_pane(order, [])
    contact = Transition.objects.with_call_start().get(pk=review.contact_id)
    given = {mark.criterion: mark for mark in review.marks.all()}
    marks = [
        (one, format_score(one, given[one.key].score), given[one.key].comment)
        for one in review.as_criteria()
        if one.key in given
    ]
    return {
        "review": review,
        "order": order,
        "facts": [
            (_("Agent"), review.agent.display_name),
            (_("Customer"), masked_name(line.account.customer.name)),
            (_("Phone number"), formats.phone(call_number(line))),
            (_("Order type"), order.type.title),
            (_("Outcome"), contact.disposition.title if contact.disposition else formats.DASH),
            (_("Call began"), formats.moment(contact.began_at) if contact.began_at else formats.DASH),
            (_("Call saved"), formats.moment(contact.at)),
            (_("Drawn because"), review.get_reason_display()),
            (_("Score sheet"), f"{review.sheet.title} v{review.sheet_version}"),
        ],
        "trail": [masked_item(item) for item in pane["trail"]],
        "responses": [
            (one, [(question, mask_phones(str(text))) for question, text in answers])
            for one, answers in pane["responses"]
        ],
        "marks": marks,
        "state_badge": (review.get_state_display(), *STATE_TONES[Review.State(review.state)]),
        "back": reverse("quality:reviews"),
    }
