"""How much an article is used: votes on its version in use, and the calls in which it was opened."""

from typing import TypeVar

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from retention.core.accounts.models import User
from workorders.knowledge.models import Article, Opening, Vote
from workorders.order_types.models import Disposition
from workorders.orders.models import WorkOrder, WorkOrderQuerySet
from workorders.orders.states import State

Rows = TypeVar("Rows", bound=QuerySet)
# A call is a success when its order was closed because the customer stays or takes an offer.
SUCCESSFUL = Q(state=State.DONE, disposition__result__in=[Disposition.Result.RETAINED, Disposition.Result.ACCEPTED])


def counted_orders(user: User) -> WorkOrderQuerySet:
    """The orders that figures of use count for this person: those they may list; for who may list none, all."""
    return WorkOrder.objects.visible_to(user) if user.may("knowledge.calls") else WorkOrder.objects.all()


def orders_with(article: Article, user: User) -> WorkOrderQuerySet:
    """The counted orders on which the article was opened, in any version."""
    opened = Opening.objects.filter(version__article=article)
    return counted_orders(user).filter(pk__in=opened.values("order"))


def with_figures(rows: Rows, user: User, *, article: str = "pk", version: str = "current") -> Rows:
    """Annotated with useful, voted (of the version), calls and successes (orders, of the article).

    article, version: where `rows` has their keys."""
    votes = Vote.objects.filter(version=OuterRef(version)).order_by()
    orders = Opening.objects.filter(version__article=OuterRef(article), order__in=counted_orders(user)).order_by()
    succeeded = orders.filter(order__in=WorkOrder.objects.filter(SUCCESSFUL))
    return rows.annotate(
        useful=_count(votes.filter(useful=True), "version", "pk"),
        voted=_count(votes, "version", "pk"),
        calls=_count(orders, "version__article", "order"),
        successes=_count(succeeded, "version__article", "order"),
    )


def _count(rows: QuerySet, by: str, what: str) -> Coalesce:
    counted = rows.values(by).annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
