from typing import Any, Self

from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import Collate, Reverse
from django.utils.translation import gettext_lazy as _

from customers.facts.models.base import Fact
from customers.facts.models.catalogue import LineType, Plan, Policy, Product
from customers.facts.models.parties import Account, CustomerName
from customers.facts.name_words import name_query
from customers.grants.models import CustomerGrant
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role
from retention.core.api.models import ApiClient
from retention.core.identifiers import canonical_phone, fold
from retention.core.masking import SHOWN_PHONE_DIGITS

# Lines that one part of a search gives: by name, or by the last digits of one number.
MAX_MATCHES = 500
FEWEST_LAST_DIGITS = 3
# Names up to which a search is planned for the very names.
MANY_NAMES = 10_000


class CustomerGroup(Fact):
    """A family bundle or an enterprise VPN group 集团."""

    class Kind(models.TextChoices):
        ENTERPRISE_VPN = "enterprise_vpn", _("Enterprise VPN")
        FAMILY = "family", _("Family")

    group_no = models.CharField(_("group number"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)

    def __str__(self) -> str:
        return self.name


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def visible_to(self, user: User | ApiClient) -> Self:
        """Rows visible to this person; everything else must look like a 404.

        Managers and analysts: own branch and below. Supervisors and agents: customers on the orders they hold,
        and those shown to them for a while (grants). Administrators: all. API clients: their branch and below, or all.
        """
        if user.role == Role.ADMINISTRATOR:
            return self
        if isinstance(user, ApiClient) or user.role in {Role.MANAGER, Role.ANALYST}:
            return self.filter(branch__in=Branch.objects.under(user.branch).values("pk"))
        grants = CustomerGrant.objects.filter(customer=OuterRef("account__customer")).held_by(user)
        return self.filter(Exists(grants))

    def live(self) -> Self:
        return self.exclude(status=Subscriber.Status.TERMINATED)

    def numbered(self, text: str) -> Self:
        """The lines with exactly this phone number, however it is written, subscriber number or customer number."""
        return self.filter(pk__in=self._numbered(fold(text)))

    def called(self, text: str) -> Self:
        """The lines with exactly this phone number, however it is written, or subscriber number; those in use first."""
        text = fold(text)
        phone = self.filter(phone_number=canonical_phone(text) or text).values("pk")
        own = self.filter(subscriber_no__in={text, text.upper(), text.lower()}).values("pk")
        left = ExpressionWrapper(Q(status=Subscriber.Status.TERMINATED), models.BooleanField())
        return self.filter(pk__in=phone.union(own)).order_by(left, "-activated_on", "-pk")

    def search(self, text: str) -> Self:
        """By phone, subscriber, customer or account number, by the last digits of a phone or account number, or by a
        part of the customer's name: as written, as pinyin or by its initials; in any case. Call after visible_to().

        At most MAX_MATCHES lines by name and by each ending; one arm a column, because an OR over joined tables reads
        them all. A phone number is found by as many last digits as its mask shows: more would let anyone guess
        the digits that it hides.
        """
        text = fold(text)
        return self.filter(pk__in=self._numbered(text).union(*self._ending(text), *self._bearing(text)))

    def _numbered(self, text: str) -> "models.QuerySet":
        written = {text, text.upper(), text.lower()}
        arms: list[dict[str, Any]] = [
            {"phone_number": canonical_phone(text) or text},
            {"subscriber_no__in": written},
            {"account__customer__customer_no__in": written},
            {"account__account_no__in": written},
        ]
        first, *others = [self.filter(**arm).values("pk") for arm in arms]
        return first.union(*others)

    def _ending(self, text: str) -> "list[models.QuerySet]":
        """The lines whose phone or account number ends so."""
        if len(text) < FEWEST_LAST_DIGITS or not (text.isascii() and text.isdigit()):
            return []
        backwards = {"ends__startswith": text[::-1]}
        accounts = Account.objects.annotate(ends=Collate(Reverse("account_no"), "C")).filter(**backwards)
        found: list[models.QuerySet] = [self.filter(account__in=accounts.values("pk")).values("pk")[:MAX_MATCHES]]
        if len(text) <= SHOWN_PHONE_DIGITS:
            lines = self.annotate(ends=Collate(Reverse("phone_number"), "C")).filter(**backwards)
            found.append(lines.values("pk")[:MAX_MATCHES])
        return found

    def _bearing(self, text: str) -> "list[models.QuerySet]":
        """The lines of customers whose name has a part that begins so."""
        query = name_query(text)
        if not query:
            return []
        names = CustomerName.objects.matching(query).values_list("pk", flat=True)
        # Given the names themselves, the planner knows whether few customers bear them or it had better look through
        # the lines of a branch; of a query over them it only guesses.
        listed = list(names[: MANY_NAMES + 1])
        found = self.filter(account__customer__name__in=listed if len(listed) <= MANY_NAMES else names)
        return [found.values("pk")[:MAX_MATCHES]]

    def beside(self, line: "Subscriber") -> Self:
        """The other lines of its customer and of its group; one arm each, as in search()."""
        own = self.filter(account__customer=line.account.customer_id)
        if line.group_id:
            own = self.filter(pk__in=own.values("pk").union(self.filter(group=line.group_id).values("pk")))
        return own.exclude(pk=line.pk)

    def for_list(self) -> Self:
        """All that the customer list reads, in one query."""
        return self.select_related("account__customer", "plan", "branch", "profile")

    def for_360(self) -> Self:
        """The head of the 360 page, in one query."""
        return self.select_related("account__customer__branch", "account__credit", "plan", "branch", "group", "profile")


class Subscriber(Fact):
    """The line in use 用户."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        STOPPED = "stopped", _("Stopped")
        TERMINATED = "terminated", _("Terminated")

    class Reason(models.TextChoices):
        VOLUNTARY = "voluntary", _("Voluntary termination")
        ARREARS = "arrears", _("Terminated for arrears")
        PORT_OUT = "port_out", _("Port-out")
        FALSE_USER = "false_user", _("False user")
        OTHER = "other", _("Other")

    audit_key = "subscriber_no"

    subscriber_no = models.CharField(_("subscriber number"), max_length=40, unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="subscribers")
    phone_number = models.CharField(_("phone number"), max_length=32, db_index=True)
    line_type = models.CharField(_("line type"), max_length=20, choices=LineType.choices)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="subscribers")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="subscribers")
    channel = models.CharField(_("channel"), max_length=40)
    activated_on = models.DateField(_("activated"))
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    status_reason = models.CharField(_("status reason"), max_length=60, blank=True)
    terminated_on = models.DateField(_("terminated"), null=True, blank=True)
    termination_reason = models.CharField(_("termination reason"), max_length=12, choices=Reason.choices, blank=True)
    promotion_code = models.CharField(_("promotion"), max_length=40, blank=True)
    bandwidth_mbps = models.IntegerField(_("bandwidth (Mbps)"), null=True, blank=True)
    group = models.ForeignKey(CustomerGroup, models.PROTECT, null=True, blank=True, related_name="members")
    bundle_no = models.CharField(_("bundle number"), max_length=40, blank=True, db_index=True)
    # As `Tie.other_hash` says it of others: without it no tie is known to be one between own lines.
    number_hash = models.CharField(_("hash of the number"), max_length=64, blank=True, db_default="")

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["terminated_on"], condition=Q(status="terminated"), name="subscriber_left"),
            models.Index(Collate(Reverse("phone_number"), "C"), name="subscriber_phone_ends"),
        ]

    def __str__(self) -> str:
        return self.subscriber_no


class Contract(Fact):
    """An agreement 协议 under a policy, with its end."""

    contract_no = models.CharField(_("contract number"), max_length=40, unique=True)
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="contracts")
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="contracts")
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"))
    ended_on = models.DateField(_("ended early"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["ends_on"], name="contract_ends")]

    def __str__(self) -> str:
        return self.contract_no


class ProductSubscription(Fact):
    subscription_no = models.CharField(_("subscription number"), max_length=40, unique=True)
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="product_subscriptions")
    product = models.ForeignKey(Product, models.PROTECT, related_name="subscriptions")
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"), null=True, blank=True)

    def __str__(self) -> str:
        return self.subscription_no


class Terminal(Fact):
    """A device seen on the line 终端."""

    class Generation(models.TextChoices):
        G2 = "2G", "2G"
        G3 = "3G", "3G"
        G4 = "4G", "4G"
        G5 = "5G", "5G"

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="terminals")
    first_seen_on = models.DateField(_("first seen"))
    tac = models.CharField(max_length=16, blank=True)
    brand = models.CharField(_("brand"), max_length=40, blank=True)
    model = models.CharField(_("model"), max_length=60, blank=True)
    generation = models.CharField(_("generation"), max_length=4, choices=Generation.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "first_seen_on"], name="terminal_key")]

    def __str__(self) -> str:
        return f"{self.brand} {self.model}".strip()
