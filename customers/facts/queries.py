"""Reads over the tables of facts as a whole."""

from datetime import date

from django.db import connection
from django.db.models import Min
from django.utils import timezone

from customers.facts.models import Bill, Payment, Subscriber, UsageDay, UsageMonth
from retention.core.db import partitioned_tables


def first_facts_on() -> date | None:
    """The day from which facts can tell anything: the beginning of the first month with usage or bills.

    Where neither is sent, the day of the first payment, or else of the first activation; None without a line.
    """
    months = [month for model in (UsageDay, UsageMonth, Bill) if (month := _first_month(model._meta.db_table))]
    if months:
        return min(months)
    paid_at = Payment.objects.aggregate(first=Min("paid_at"))["first"]
    return timezone.localtime(paid_at).date() if paid_at else Subscriber.objects.aggregate(on=Min("activated_on"))["on"]


def _first_month(table: str) -> date | None:
    """One probe a partition: there is no index by date, and min() would read them all."""
    for month in partitioned_tables.existing_months(table):
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{partitioned_tables.partition_name(table, month)}")')
            if cursor.fetchone()[0]:
                return month
    return None
