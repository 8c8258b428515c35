"""Pages of inspections: plans, the routes of each day, a visit moved to another day, and the service that firms get."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict, Invalid, NotFound
from retention.core.managed.text import Words
from retention.core.managed.views.base import ManagedPage
from retention.core.managed.views.detail import ManagedDetail
from retention.core.managed.views.editing import (
    ManagedCopy,
    ManagedCreate,
    ManagedFormPage,
    ManagedSwitch,
    ManagedUpdate,
    attach_errors,
)
from retention.core.managed.views.listing import ManagedList
from retention.core.ui import formats
from retention.core.ui.listing import ListPage
from workorders.inspections import queries, services
from workorders.inspections.filters import FaultFilter, RouteFilter
from workorders.inspections.forms import InspectionPlanForm, MoveVisitForm, ServiceFilter
from workorders.inspections.models import InspectionPlan, InspectionVisit
from workorders.inspections.tables import FaultTable, InspectionPlanTable, RouteTable, ServiceMonthTable
from workorders.inspections.text import plan_words
from workorders.orders.models import WorkOrder

SUPERVISE = ("workorders:supervise", gettext_lazy("Supervise"))
ROUTES = ("inspections:routes", gettext_lazy("Routes"))


class Routes(ListPage):
    name = "inspections"
    permission = "inspections.view"
    template_name = "workorders/inspections/routes.html"
    table_class = RouteTable
    filterset_class = RouteFilter
    parent = SUPERVISE
    subtitle = gettext_lazy("Visits of enterprises and offices by day. The order of a visit opens on its day.")

    def get_queryset(self) -> QuerySet[InspectionVisit]:
        return InspectionVisit.objects.visible_to(self.user).for_routes()

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"today": clock.today(), "may_edit": self.user.may(InspectionPlan.edit_permission)}


@require("inspections.edit")
def move_visit(request: StaffRequest, visit: int) -> HttpResponse:
    row = InspectionVisit.objects.visible_to(request.user).select_related("customer", "plan").filter(pk=visit).first()
    if row is None:
        raise NotFound(_("There is no such visit."))
    form = MoveVisitForm(request.POST or None, initial={"day": row.planned_on, "seen": row.planned_on})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                row = services.move_visit(
                    actor=request.user, visit=visit, day=form.cleaned_data["day"], seen=form.cleaned_data["seen"],
                    today=clock.today(),
                )  # fmt: skip
            except (Invalid, Conflict) as problem:
                attach_errors(form, problem)
                status = problem.status
            else:
                text = _("%(firm)s is visited on %(day)s.")
                messages.success(request, text % {"firm": row.customer.name, "day": formats.moment(row.planned_on)})
                return redirect("inspections:routes")
    return render(request, "workorders/inspections/move.html", {"form": form, "visit": row}, status=status)


class Service(ListPage):
    """The months and, for each, the rows behind its figures."""

    name = "inspection-service"
    permission = "inspections.view"
    template_name = "workorders/inspections/service.html"
    table_class = FaultTable
    filterset_class = FaultFilter
    parent = ROUTES
    title = gettext_lazy("Service of enterprise customers")
    subtitle = gettext_lazy("Visits planned and made, faults, and how long they took, by month.")

    def get_queryset(self) -> QuerySet[WorkOrder]:
        orders = queries.faults_of(self.user, None).select_related("customer", "branch", "type")
        return orders.order_by("-opened_at", "-pk")

    def get_context_data(self) -> dict[str, Any]:
        form = ServiceFilter(self.request.GET, user=self.user)
        branch = form.cleaned_data["branch"] if form.is_valid() else None
        months = queries.service_by_month(self.user, branch=branch, today=clock.today())
        return super().get_context_data() | {"months": ServiceMonthTable(months, branch=branch.code if branch else "")}


class PlanPages(ManagedPage):
    model = InspectionPlan
    kind_form = InspectionPlanForm
    templates = "workorders/inspections"

    def get_words(self) -> Words:
        return plan_words()


class PlanList(ManagedList):
    model = InspectionPlan
    name = "inspection-plans"
    permission = "inspections.view"
    parent = ROUTES
    subtitle = gettext_lazy("A firm is visited by the plan of the nearest branch; of two there, by the one more often.")
    table_class = InspectionPlanTable

    def get_queryset(self) -> QuerySet[InspectionPlan]:
        return InspectionPlan.objects.visible_to(self.user).for_list()


class PlanWrites(ManagedFormPage):
    """After a change the days to come are laid out anew."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        if answer.status_code == 302:
            services.plan_visits(on=clock.today(), anew=True)
        return answer


class NewPlan(PlanPages, PlanWrites, ManagedCreate):
    pass


class EditPlan(PlanPages, PlanWrites, ManagedUpdate):
    pass


class CopyPlan(PlanPages, ManagedCopy):
    pass


class SwitchPlan(PlanPages, ManagedSwitch):
    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        answer = super().post(request, code)
        services.plan_visits(on=clock.today(), anew=True)
        return answer


class PlanPage(PlanPages, ManagedDetail):
    switch_off_question = gettext_lazy("Switch this plan off? Its planned visits go; orders that are open stay.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = clock.today()
        visits = InspectionVisit.objects.visible_to(self.user).filter(plan=self.object, planned_on__gte=today)
        return super().get_context_data(
            planned=visits.count(), routes_url=f"{reverse('inspections:routes')}?plan={self.object.code}", **kwargs
        )
