from django.utils.translation import gettext_lazy as _

from customers.facts.models import Balance, Bill, Payment, PointEntry
from customers.ingest.resources.base import Fields, Resource

bill, payment, balance, points = Fields(Bill), Fields(Payment), Fields(Balance), Fields(PointEntry)

BILLS = Resource(
    "bills",
    Bill,
    _("Bills"),
    key=("subscriber_no", "month"),
    fields=(
        bill.subscriber(),
        bill.month("month"),
        bill.money("plan_fee"),
        bill.money("voice", 0),
        bill.money("data", 0),
        bill.money("sms", 0),
        bill.money("vas", 0),
        bill.money("roaming", 0),
        bill.money("other", 0),
        bill.money("discount", 0),
        bill.money("total"),
        bill.day("due_on", None),
        bill.day("paid_on", None, past=True),
    ),
)

PAYMENTS = Resource(
    "payments",
    Payment,
    _("Payments"),
    key=("payment_no",),
    fields=(
        payment.key("payment_no"),
        payment.to("accounts", "account_no", "account", key="account_no"),
        payment.instant("paid_at", past=True),
        payment.money("amount"),
        payment.text("channel", ""),
    ),
)

BALANCES = Resource(
    "balances",
    Balance,
    _("Balances"),
    key=("account_no", "day"),
    fields=(
        balance.to("accounts", "account_no", "account", key="account_no"),
        balance.fact_day("day"),
        balance.money("balance"),
        balance.money("arrears", 0, low=0),
        balance.money("deposit", 0, low=0),
    ),
)

POINTS = Resource(
    "points",
    PointEntry,
    _("Points"),
    key=("entry_no",),
    fields=(
        points.key("entry_no"),
        points.subscriber(),
        points.instant("at", past=True),
        points.integer("points"),
        points.text("reason"),
        points.day("expires_on", None),
    ),
)
