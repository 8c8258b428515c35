"""The profile: one wide row a live subscriber. Its columns are the field catalogue; see customers/fields/."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from customers import fields
from customers.facts.models import MONEY, LineType, Subscriber, unchecked_foreign_key
from customers.fields.choices import WARNING_TIERS
from customers.grants.models import CustomerGrant
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role

# Calls still come in but go out over another SIM 双卡: incoming ones are more of all calls, outgoing ones fell. On the
# simulated operator two thirds of these lines are second SIMs and four fifths lean to leaving; it finds half of them.
SECOND_SIM = Q(in_share_change__gte=0.12, calls_out_change__lte=-0.3)


class ProfileQuerySet(models.QuerySet["SubscriberProfile"]):
    def visible_to(self, user: User) -> Self:
        """As Subscriber.visible_to, for the profiles."""
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.role in {Role.MANAGER, Role.ANALYST}:
            return self.filter(branch__in=Branch.objects.under(user.branch).values("pk"))
        return self.filter(Exists(CustomerGrant.objects.filter(customer=OuterRef("customer_id")).held_by(user)))

    def newest_date(self, *, until: date | None = None) -> date | None:
        """The date of the profile; None without one. A build that died leaves rows of two dates."""
        rows = self.filter(as_of__lte=until) if until else self
        return rows.aggregate(newest=models.Max("as_of"))["newest"]

    def for_warning_list(self) -> Self:
        """Scored lines, highest risk first, with what the list shows."""
        return (
            self.filter(risk_probability__isnull=False)
            .select_related("subscriber__account__customer", "subscriber__plan", "branch")
            .order_by(F("risk_probability").desc(nulls_last=True), "subscriber_id")
        )

    def for_second_sim_list(self, *, least_spend: int) -> Self:
        """Mobile lines in use of at least this spend a month that look like a second SIM, highest spend first."""
        return (
            self.filter(SECOND_SIM, line_type=LineType.MOBILE, status=Subscriber.Status.ACTIVE, arpu__gte=least_spend)
            .select_related("subscriber__account__customer", "subscriber__plan", "branch")
            .order_by(F("arpu").desc(nulls_last=True), "subscriber_id")
        )


# The customer list (customers.directory.queries) filters on these: each of its orders is answered from one index alone.
LIST_INDEX_COLUMNS = [
    "branch", "line_type", "status", "risk_tier", "tenure_cohort", "plan_code", "arpu", "contract_ends_on",
]  # fmt: skip


class SubscriberProfile(models.Model):
    """Rebuilt each night by build_profile(), patched on events. `attributes`: the operator's own fields."""

    computed_from_facts: ClassVar[Q] = Q()

    subscriber = models.OneToOneField(
        "customers.Subscriber", models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="profile"
    )
    customer = unchecked_foreign_key("customers.Customer", related_name="profiles")
    branch = unchecked_foreign_key("core.Branch", related_name="profiles")
    as_of = models.DateField()
    attributes = models.JSONField(default=dict)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                F("risk_probability").desc(nulls_last=True),
                "subscriber",
                include=LIST_INDEX_COLUMNS,
                name="profile_list",
            ),
            models.Index(
                F("arpu").desc(nulls_last=True), "subscriber", include=LIST_INDEX_COLUMNS, name="profile_by_spend"
            ),
            models.Index("contract_ends_on", "subscriber", include=LIST_INDEX_COLUMNS, name="profile_by_contract_end"),
            models.Index(
                F("arpu").desc(nulls_last=True), "subscriber", name="profile_second_sim", condition=SECOND_SIM
            ),
            # The warning list (analytics.warnings.queries), in its usual order.
            models.Index(
                F("expected_gain").desc(nulls_last=True),
                "subscriber",
                name="profile_warned",
                include=["branch", "line_type", "risk_tier", "tenure_cohort", "arpu", "plan_fee", "contract_ends_on"],
                condition=models.Q(risk_tier__in=WARNING_TIERS),
            ),
        ]

    def __str__(self) -> str:
        return f"profile of {self.subscriber_id}"


LEAVER_LIST_COLUMNS = ["branch", "line_type", "left_reason"]


class LeaverProfile(models.Model):
    """The profile of a line that has left, for winning its customer back: see customers.profile.queries.leavers.

    The fields of SubscriberProfile, as of the last night; scores and segments are empty. A table of its own, so that
    whatever reads the profile goes on to mean lines in use.
    """

    computed_from_facts: ClassVar[Q] = Q()

    subscriber = models.OneToOneField(
        "customers.Subscriber", models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="leaver_profile"
    )
    customer = unchecked_foreign_key("customers.Customer", related_name="leaver_profiles")
    branch = unchecked_foreign_key("core.Branch", related_name="leaver_profiles")
    as_of = models.DateField()
    attributes = models.JSONField(default=dict)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        # The list of lines that left (analytics.win_back): each of its orders is answered from one index alone.
        indexes = [
            models.Index(
                F("left_spend").desc(),
                "subscriber",
                include=[*LEAVER_LIST_COLUMNS, "days_since_left"],
                name="leaver_by_spend",
            ),
            models.Index(
                "days_since_left", "subscriber", include=[*LEAVER_LIST_COLUMNS, "left_spend"], name="leaver_by_days"
            ),
        ]

    def __str__(self) -> str:
        return f"profile of {self.subscriber_id}, which has left"


class LineSegment(models.Model):
    """Where a live line stands in the segmentation of its type, as of the last night: written by campaigns.segments.

    Narrow, because a changed matrix moves the whole base: rewriting a million profiles would take minutes. The profile
    takes its columns from here.
    """

    computed_from_facts: ClassVar[Q] = Q()

    subscriber = models.OneToOneField(
        "customers.Subscriber", models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="line_segment"
    )
    branch = unchecked_foreign_key("core.Branch", related_name="line_segments", db_index=False)
    segment = models.CharField(max_length=60)
    segment_need = models.CharField(max_length=60, null=True)
    spend = models.DecimalField(**MONEY)

    class Meta:
        indexes = [models.Index(fields=["segment", "subscriber"], name="line_segment_cell")]

    def __str__(self) -> str:
        return f"{self.subscriber_id} {self.segment}"


class ProfileSnapshot(models.Model):
    """The profile as it stood on a date, for models. Monthly partitions; a sample for dates before go-live."""

    computed_from_facts: ClassVar[Q] = Q()

    pk = models.CompositePrimaryKey("subscriber_id", "as_of")
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="snapshots", db_index=False)
    as_of = models.DateField()
    attributes = models.JSONField(default=dict)


for _field in fields.FIELDS.values():
    SubscriberProfile.add_to_class(_field.key, _field.as_model_field())
    LeaverProfile.add_to_class(_field.key, _field.as_model_field(indexed=False))
    if _field.area not in fields.LATER_AREAS:
        ProfileSnapshot.add_to_class(_field.key, _field.as_model_field())
