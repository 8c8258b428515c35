"""A campaign: for whom, against which control group, what is offered over which channel, and how far it has come."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campaigns.audiences.rules import clean
from campaigns.audiences.text import TEXT_VARIABLE
from campaigns.campaigns.models.plans import CampaignPlan
from campaigns.campaigns.states import APPROVED_STATES, CHANGEABLE, UNDER_WAY, State
from campaigns.offers.models import Offer
from campaigns.outreach.models import ContactPurpose
from customers.facts.models import MONEY
from customers.lists.models import ListEntry
from retention.core.accounts.models import User
from retention.core.db.models import pick
from retention.core.errors import Invalid
from retention.core.managed.models import Managed, ManagedQuerySet

CONTROL_LIMIT = 50
SCRIPT_VARIABLES = {"customer"}


class Audience(models.TextChoices):
    """Where the people come from. PAYING: the warning list, those whose contact is expected to pay."""

    RULE = "rule", _("A rule")
    SEGMENT = "segment", _("A segment")
    LIST = "list", _("A list")
    COHORT = "cohort", _("A snapshot cohort")
    PAYING = "paying", _("The warning list: those that pay")


class Pace(models.TextChoices):
    AT_ONCE = "at_once", _("All at once")
    DAILY = "daily", _("A wave a day")
    CAPACITY = "capacity", _("As fast as the agents close orders")


class CampaignQuerySet(ManagedQuerySet["Campaign"]):
    def running(self) -> Self:
        """Those that contact people now."""
        return self.filter(state=State.RUNNING)

    def under_way(self) -> Self:
        return self.filter(state__in=UNDER_WAY)

    def for_list(self) -> Self:
        return self.select_related("owner", "branch", "plan").order_by("-starts_on", "code")


class Campaign(Managed):
    """A campaign 营销维系活动. Services of `campaigns.campaigns.services` move it from state to state.

    draw_offers: each treated member gets one of the offers by lot, at the freezing.
    audience, audience_key: a source and the code in it (cell of a matrix, list, cohort); rule: a JSON tree, see
    campaigns.audiences.rules, alone or narrowing the source further; {} for none. salt: of the draw that makes the
    control group. wave_size: treated members a wave, None for one wave. daily_cap: orders a day. backlog_days: with the
    pace CAPACITY, days of the agents' work that may wait. contact_cost, budget: yuan. planned_kept, planned_gain: what
    it is to reach. measure_days: after the end, for so long the control group is left alone.

    tested_version, digest: the version that was tested, and of what the audience then consisted; test: its figures.
    members, treated: as frozen, of that day the profile (`frozen_on`). enabled: while it runs.
    """

    editable = (
        "name", "name_zh", "goal", "branch", "owner", "plan", "priority", "starts_on", "ends_on", "audience",
        "audience_key", "rule", "control_percent", "salt", "measure_days", "offer_codes", "draw_offers", "purpose",
        "channel", "order_type", "template", "script", "script_zh", "wave_size", "pace", "daily_cap",
        "backlog_days", "budget", "contact_cost", "planned_kept", "planned_gain",
    )  # fmt: skip
    dependent = ("state",)
    # What stays open to change once the audience is frozen.
    open_fields = frozenset({
        "name", "name_zh", "goal", "owner", "plan", "script", "script_zh", "pace", "daily_cap", "backlog_days",
        "ends_on",
    })  # fmt: skip
    view_permission, edit_permission, approve_permission = "campaigns.view", "campaigns.edit", "campaigns.approve"

    goal = models.CharField(_("goal"), max_length=300, blank=True)
    plan = models.ForeignKey(
        CampaignPlan,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=pgettext_lazy("campaign", "plan"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="campaigns",
        verbose_name=_("owner"),
    )  # fmt: skip
    priority = models.PositiveSmallIntegerField(_("priority"), default=5, help_text=_("1 goes first."))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    audience = models.CharField(_("audience"), max_length=8, choices=Audience.choices, default=Audience.RULE)
    audience_key = models.CharField(_("which"), max_length=60, blank=True)
    rule = models.JSONField(_("rule"), default=dict, blank=True)
    control_percent = models.PositiveSmallIntegerField(
        _("control group"), default=10, help_text=_("Percent of the audience, drawn at random and left alone.")
    )
    salt = models.CharField(_("salt of the draw"), max_length=32, blank=True)
    measure_days = models.PositiveSmallIntegerField(
        _("days of measuring"), default=90, validators=[MinValueValidator(1)],
        help_text=_("After the end; the control group is left alone until then."),
    )  # fmt: skip
    offer_codes = models.JSONField(_("offers"), default=list, blank=True)
    draw_offers = models.BooleanField(_("offers are drawn"), default=False, db_default=False)
    purpose = models.CharField(
        _("purpose"), max_length=12, choices=ContactPurpose.choices, default=ContactPurpose.RETENTION
    )
    channel = models.CharField(
        _("channel"), max_length=8, choices=ListEntry.Channel.choices, default=ListEntry.Channel.CALL
    )
    order_type = models.CharField(_("order type"), max_length=40, blank=True)
    template = models.CharField(_("message template"), max_length=24, blank=True, default="", db_default="")
    script = models.TextField(_("script"), max_length=2000, blank=True)
    script_zh = models.TextField(_("script (Chinese)"), max_length=2000, blank=True)
    wave_size = models.PositiveIntegerField(
        _("customers a wave"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("Empty: one wave.")
    )
    pace = models.CharField(_("pace"), max_length=8, choices=Pace.choices, default=Pace.DAILY)
    daily_cap = models.PositiveIntegerField(
        _("at most a day"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    backlog_days = models.PositiveSmallIntegerField(
        _("days of work that may wait"), default=2, validators=[MinValueValidator(1)]
    )
    budget = models.DecimalField(_("budget (yuan)"), null=True, blank=True, **MONEY)
    contact_cost = models.DecimalField(_("cost of a contact (yuan)"), null=True, blank=True, **MONEY)
    planned_kept = models.PositiveIntegerField(_("customers to keep"), null=True, blank=True)
    planned_gain = models.DecimalField(_("planned gain (yuan)"), null=True, blank=True, **MONEY)

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    tested_version = models.PositiveIntegerField(_("tested version"), null=True, editable=False)
    digest = models.CharField(_("digest of the audience"), max_length=64, blank=True, editable=False)
    test = models.JSONField(_("figures of the test"), default=dict, editable=False)
    submitted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("submitted by")
    )
    author = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("last changed by")
    )
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("approved by")
    )
    frozen_on = models.DateField(_("frozen as of"), null=True, editable=False)
    frozen_at = models.DateTimeField(_("frozen at"), null=True, editable=False)
    launched_at = models.DateTimeField(_("launched"), null=True, editable=False)
    ended_at = models.DateTimeField(_("contacting ended"), null=True, editable=False)
    ended_because = models.CharField(_("ended because"), max_length=300, blank=True, editable=False)
    paused_because = models.CharField(_("paused because"), max_length=300, blank=True, editable=False)
    members_count = models.PositiveIntegerField(_("members"), default=0, editable=False)
    treated_count = models.PositiveIntegerField(_("treated"), default=0, editable=False)
    waves = models.PositiveSmallIntegerField(_("waves"), default=0, editable=False)
    lessons = models.TextField(_("lessons"), max_length=4000, blank=True, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(control_percent__lte=CONTROL_LIMIT), name="campaign_control_range"),
            models.CheckConstraint(condition=Q(priority__range=(1, 9)), name="campaign_priority_range"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_dates_in_order"),
            models.CheckConstraint(condition=Q(enabled=False) | Q(state=State.RUNNING), name="campaign_on_is_running"),
            models.CheckConstraint(
                name="campaign_approved_by_another",
                condition=~Q(state__in=APPROVED_STATES)
                | Q(approved_by__isnull=False) & (Q(author=None) | ~Q(approved_by=F("author"))),
            ),
        ]
        indexes = [models.Index(fields=["state", "-starts_on"], name="campaign_of_state")]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")

    @property
    def offers(self) -> QuerySet[Offer]:
        """Those that agents are to propose."""
        return Offer.objects.filter(code__in=self.offer_codes).order_by("code")

    @property
    def talk_script(self) -> str:
        return pick(self.script, self.script_zh)

    @property
    def controls_count(self) -> int:
        return self.members_count - self.treated_count

    def set_defaults(self, actor: User) -> None:
        self.owner, self.salt = actor, ""  # a copy draws anew

    def changed_by(self, actor: User) -> None:
        """A change of what was tested, submitted or approved makes it a draft again."""
        if self.state in CHANGEABLE:
            self.author, self.state = actor, State.DRAFT
            self.approved_by = self.submitted_by = self.tested_version = None

    def normalize(self) -> None:
        self.salt = self.salt or self.code
        if self.rule:
            self.rule = clean(self.rule)
        if self.audience in {Audience.RULE, Audience.PAYING}:
            self.audience_key = ""
        if self.ends_on < self.starts_on:
            raise wrong("ends_on", "before_start", gettext("It ends before it starts."))
        if self.channel == ListEntry.Channel.CALL:
            self.template = ""
        else:
            self.order_type = ""
        self.offer_codes = sorted(set(self.offer_codes))
        known = set(self.offers.values_list("code", flat=True))
        if missing := [code for code in self.offer_codes if code not in known]:
            raise wrong("offer_codes", "unknown", gettext("There is no offer %(code)s.") % {"code": missing[0]})
        if self.draw_offers and len(self.offer_codes) < 2:
            raise wrong("draw_offers", "needs_two", gettext("Offers are drawn from two or more."))
        self._check_script()
        self._keep_frozen()

    def _check_script(self) -> None:
        """Raise Invalid for a variable that nothing fills in."""
        for name in ("script", "script_zh"):
            if unknown := set(TEXT_VARIABLE.findall(getattr(self, name))) - SCRIPT_VARIABLES:
                text = gettext("There is no {%(name)s} here; known are %(known)s.")
                known = ", ".join(f"{{{one}}}" for one in sorted(SCRIPT_VARIABLES))
                raise wrong(name, "unknown_variable", text % {"name": min(unknown), "known": known})

    def _keep_frozen(self) -> None:
        """Raise Invalid for a change of what the frozen members and the approval go by."""
        if self.state in CHANGEABLE:
            return
        stored = type(self).objects.get(pk=self.pk)
        for name in self.editable:
            if name not in self.open_fields and getattr(self, name) != getattr(stored, name):
                label = self._meta.get_field(name).verbose_name  # type: ignore[union-attr]
                text = gettext("The audience is frozen: %(field)s does not change any more.") % {"field": label}
                raise wrong(name, "frozen", text)


def wrong(field: str, code: str, text: Any) -> Invalid:
    return Invalid(str(text), code=code, details=[{"field": field, "code": code, "message": str(text)}])
