"""The demo's enterprise customers are visited once a quarter."""

from datetime import date

from retention.core import clock
from retention.core.managed.services import create, switch
from retention.portal.services.demo_campaigns import person
from retention.portal.services.working_days import at_hour
from workorders.inspections.models import InspectionPlan, all_firms
from workorders.inspections.services import plan_visits

CODE = "firms-quarterly"


def start_inspections(*, day: date) -> int:
    """Lay out the visits after a day; how many. Of a plan that is there already, those that are missing."""
    with clock.freeze(at_hour(day, 9)):
        if not InspectionPlan.objects.filter(code=CODE).exists():
            values = {
                "name": "Enterprises and offices, quarterly", "name_zh": "政企客户季度走访", "branch": None,
                "kinds": all_firms(), "tiers": [], "every_days": 90, "per_day": 8, "team": None,
            }  # fmt: skip
            create(model=InspectionPlan, actor=person("manager"), code=CODE, values=values)
        switch(model=InspectionPlan, actor=person("manager"), code=CODE, enabled=True)
        return plan_visits(on=day)
