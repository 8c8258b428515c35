"""Changes to the assumptions, treatments and randomised tests, all audited; and the monthly churn rates of the base."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.valuation.models import Experiment, LeavingRate, Treatment, ValueTerms
from analytics.valuation.queries import measured_by_kind
from analytics.valuation.rules.economics import assumptions_by_type, treatments_by_kind
from campaigns.campaigns.models import Campaign
from customers.facts.models import LineType, Subscriber
from customers.fields.choices import COHORT_DAYS
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.db.transaction_locks import lock_table
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from retention.core.managed.permissions import may_decide

ASSUMPTION_FIELDS = (
    "margin", "discount_a_year", "horizon_months", "leaving_a_month", "saved_leaves", "contact_cost", "mid_from",
    "high_from",
)  # fmt: skip
TREATMENT_FIELDS = ("save_rate", "weight", "enough", "acceptance", "offer_cost")
NOT_TYPED_IN = {"recorded_by", "withdrawn_at", "accepted", "campaign"}
EXPERIMENT_COUNTS = ("treated", "treated_left", "control", "control_left")


def may_plan(actor: User) -> bool:
    """Whether the user may change assumptions, which apply to the whole base (see may_decide)."""
    return may_decide(actor=actor, permission="churn.plan", branch=None)


@transaction.atomic
def save_assumptions(*, actor: User, line_type: str, values: Mapping[str, Any]) -> ValueTerms:
    """Set the terms of a line type ("" for all others). values: keys of ASSUMPTION_FIELDS. Refused, Invalid."""
    _require_planner(actor)
    if line_type not in ("", *LineType.values):
        raise NotFound(_("There is no such line type."))
    row = ValueTerms.objects.select_for_update().filter(line_type=line_type).first() or ValueTerms(line_type=line_type)
    before = assumptions_by_type()[line_type]
    changes = _change(row, ASSUMPTION_FIELDS, values, {name: getattr(before, name) for name in ASSUMPTION_FIELDS})
    if row.mid_from > row.high_from:
        raise _invalid("high_from", _("High value cannot begin below middle value."))
    row.save()
    audit.record(actor=actor, action="value.change", target=f"terms:{line_type or 'others'}", changes=changes)
    return row


@transaction.atomic
def save_treatment(*, actor: User, kind: str, values: Mapping[str, Any]) -> Treatment:
    """Set the prior and the costs of a treatment. values: keys of TREATMENT_FIELDS. Refused, Invalid, NotFound."""
    _require_planner(actor)
    row = treatments_by_kind().get(kind)
    if row is None:
        raise NotFound(_("There is no such treatment."))
    changes = _change(row, TREATMENT_FIELDS, values, {name: getattr(row, name) for name in TREATMENT_FIELDS})
    if row.save_rate >= 1:
        raise _invalid("save_rate", _("No treatment keeps every leaver."))
    row.save()
    audit.record(actor=actor, action="value.change", target=f"treatment:{kind}", changes=changes)
    return row


@transaction.atomic
def adopt_measured_acceptance(*, actor: User, kind: str) -> Treatment:
    """Reckon with the share that took the offer in our own campaigns. Refused; NotFound where none measured it."""
    found = measured_by_kind().get(kind)
    if found is None or found.acceptance is None:
        raise NotFound(_("No campaign has measured it yet."))
    return save_treatment(actor=actor, kind=kind, values={"acceptance": round(found.acceptance.share, 4)})


@transaction.atomic
def record_experiment(
    *, actor: User | None, now: datetime, kind: str, as_of: date, source: str, treated: int, treated_left: int,
    control: int, control_left: int, cohort: str = "", band: str = "", accepted: int | None = None,
    campaign: Campaign | None = None,
) -> Experiment:  # fmt: skip
    """Add the outcome of a randomised test; scores use it from the next night on.

    Counts are of lines; cohort and band name the segment, blank for all. actor is None for tests counted by the system.
    Invalid with the field, Conflict when this test is recorded already, Refused.
    """
    if actor is not None:
        _require_planner(actor)
    row = Experiment(
        kind=kind, cohort=cohort, band=band, as_of=as_of, treated=treated, treated_left=treated_left, control=control,
        control_left=control_left, accepted=accepted, source=source.strip(), campaign=campaign, recorded_by=actor,
        recorded_at=now,
    )  # fmt: skip
    _check(row)
    for part, left in (("treated", "treated_left"), ("control", "control_left")):
        if getattr(row, part) < 1:
            raise _invalid(part, _("A test needs lines on both sides."))
        if getattr(row, left) > getattr(row, part):
            raise _invalid(left, _("More cannot have left than there were."))
    if as_of > timezone.localdate(now):
        raise _invalid("as_of", _("A test cannot have been counted in the future."))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("This test is recorded already for this segment."), code="recorded") from error
    told = {name: getattr(row, name) for name in ("kind", "cohort", "band", "source", *EXPERIMENT_COUNTS, "accepted")}
    audit.record(actor=actor, action="value.change", target=f"experiment:{row.pk}", recorded=told)
    return row


@transaction.atomic
def withdraw_experiment(*, actor: User, pk: int, now: datetime) -> Experiment:
    """Exclude a wrong test; its row stays. NotFound when there is none in force."""
    _require_planner(actor)
    row = Experiment.objects.select_for_update(of=("self",)).filter(pk=pk, withdrawn_at=None).first()
    if row is None:
        raise NotFound(_("There is no such test."))
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    audit.record(actor=actor, action="value.change", target=f"experiment:{row.pk}", withdrawn=row.source)
    return row


def _change(row: models.Model, allowed: tuple[str, ...], values: Mapping[str, Any], before: Mapping[str, Any]) -> dict:
    if unknown := set(values) - set(allowed):
        raise ValueError(f"not editable: {sorted(unknown)}")
    for name in allowed:
        setattr(row, name, values.get(name, before[name]))
    _check(row)
    return {name: [str(before[name]), str(now)] for name, now in values.items() if before[name] != now}


def _check(row: models.Model) -> None:
    """Runs the model's validators; Invalid with the field."""
    try:
        row.full_clean(
            exclude={"recorded_by", "withdrawn_at", "accepted", "campaign"},
            validate_unique=False,
            validate_constraints=False,
        )
    except ValidationError as error:
        details = [
            {"field": name, "code": "invalid", "message": str(text)}
            for name, texts in error.message_dict.items() for text in texts
        ]  # fmt: skip
        raise Invalid(details[0]["message"], details=details) from error


def _require_planner(actor: User) -> None:
    if not may_plan(actor):
        raise Refused(_("Only staff responsible for the whole base may change these parameters."))


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, details=[{"field": field, "code": "invalid", "message": message}])


CHURN_RATE_WINDOW = timedelta(days=90)
# Each line adds to every cohort its days in it within the window; a leaver counts in its cohort of leaving.
_COUNT_CHURN_RATES = f"""
INSERT INTO {LeavingRate._meta.db_table} (as_of, line_type, cohort, line_days, leavers)
SELECT %(as_of)s, s.line_type, c.cohort,
       sum(greatest(0, least(%(as_of)s::date + 1, s.activated_on + c.until,
                             coalesce(s.terminated_on, %(as_of)s::date + 1))
                       - greatest(%(since)s::date, s.activated_on + c.since))),
       count(*) FILTER (WHERE s.terminated_on > %(since)s AND s.terminated_on <= %(as_of)s
                          AND s.terminated_on >= s.activated_on + c.since
                          AND s.terminated_on < s.activated_on + c.until)
FROM {Subscriber._meta.db_table} s
CROSS JOIN unnest(%(cohorts)s::text[], %(sinces)s::int[], %(untils)s::int[]) AS c(cohort, since, until)
WHERE s.activated_on <= %(as_of)s AND (s.terminated_on IS NULL OR s.terminated_on > %(since)s)
GROUP BY s.line_type, c.cohort
"""


def record_churn_rates(*, as_of: date) -> int:
    """Count leavers and line-days of the 90 days up to `as_of`, once a month. Rows written, 0 when done.

    Every reason of leaving counts, because each ends the lifetime.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        lock_table(LeavingRate)
        if LeavingRate.objects.filter(as_of__year=as_of.year, as_of__month=as_of.month).exists():
            return 0
        names = list(COHORT_DAYS)
        cursor.execute(
            _COUNT_CHURN_RATES,
            {
                "as_of": as_of,
                "since": as_of - CHURN_RATE_WINDOW,
                "cohorts": [name.value for name in names],
                "sinces": [COHORT_DAYS[name][0] for name in names],
                "untils": [COHORT_DAYS[name][1] for name in names],
            },
        )
        return cursor.rowcount
