"""Shared by the endpoints about lines: finding the line, and reading a branch and a day from the query."""

from datetime import date

from rest_framework.request import Request

from customers.facts.models import Subscriber
from retention.core.accounts.models import Branch
from retention.core.api.models import ApiClient
from retention.core.api.parameters import bad_parameter
from retention.core.errors import NotFound


def line_of(client: ApiClient, subscriber_no: str) -> Subscriber:
    """The line with its customer. NotFound when there is none or the client may not see it."""
    lines = Subscriber.objects.visible_to(client).select_related("account__customer")
    line = lines.filter(subscriber_no=subscriber_no).first()
    if line is None:
        raise NotFound(f"There is no subscriber {subscriber_no[:60]}.")
    return line


def day_of(request: Request, name: str) -> date | None:
    text = request.query_params.get(name, "")
    if not text:
        return None
    try:
        if len(text) != len("2026-01-31"):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise bad_parameter(name, f"{name} must be a day as YYYY-MM-DD.") from None


def branch_of(request: Request, client: ApiClient) -> Branch | None:
    """The branch that `?branch=` names, None without it. Invalid for one unknown to this client."""
    code = request.query_params.get("branch", "")
    if not code:
        return None
    visible = Branch.objects.under(client.branch) if client.branch else Branch.objects.all()
    branch = None if "\0" in code else visible.filter(code=code).first()
    if branch is None:
        raise bad_parameter("branch", "There is no such branch.", code="unknown_branch")
    return branch
