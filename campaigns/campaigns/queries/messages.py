"""How far the messages of campaigns have come. Read-only."""

from django.db.models import Count, Q, QuerySet

from campaigns.campaigns.channels import Progress
from campaigns.messages.models import Message
from campaigns.messages.states import MADE_STATES, State


def progress_of(members: QuerySet) -> dict[int, Progress]:
    """{branch id: members with a message there: contacted when the provider has it, reached when it was delivered}.
    Whether a message kept somebody shows in the result, against the control."""
    numbers = members.exclude(order_no="").values("order_no")
    sent = Message.objects.filter(reference__in=numbers).order_by().values_list("branch")
    counted = sent.annotate(
        made=Count("pk", filter=Q(state__in=MADE_STATES)), delivered=Count("pk", filter=Q(state=State.DELIVERED))
    )
    return {branch: Progress(contacted=made, reached=delivered) for branch, made, delivered in counted}
