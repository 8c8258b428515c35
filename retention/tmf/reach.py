"""Which rows a client may see: those of the lines it may see."""

from django.db.models import QuerySet

from customers.facts.models import Customer, Subscriber
from retention.core.models import ApiClient
from retention.core.roles import Role


def of_lines(rows: QuerySet, client: ApiClient) -> QuerySet:
    """Rows of a model with a `subscriber`. A client without a branch sees all, so nothing is joined for it."""
    if client.role == Role.ADMINISTRATOR:
        return rows
    return rows.filter(subscriber__in=Subscriber.objects.visible_to(client))


def customers_of(client: ApiClient) -> QuerySet[Customer]:
    """Customers with at least one line that the client may see."""
    if client.role == Role.ADMINISTRATOR:
        return Customer.objects.all()
    return Customer.objects.filter(pk__in=Subscriber.objects.visible_to(client).values("account__customer"))
