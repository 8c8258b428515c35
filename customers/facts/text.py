"""Labels of common codes that source systems choose freely (channels, topics, reasons).

The labels are for pages only: rules, models and the API use the codes.
"""

from django.utils.translation import pgettext_lazy

SOURCE_CODE_LABELS: dict[str, object] = {
    # Where a line was sold or a bill was paid.
    "agent_store": pgettext_lazy("source code", "agent store"),
    "app": pgettext_lazy("source code", "app"),
    "bank_debit": pgettext_lazy("source code", "bank debit"),
    "campus": pgettext_lazy("source code", "campus"),
    "card": pgettext_lazy("source code", "top-up card"),
    "enterprise_manager": pgettext_lazy("source code", "enterprise account manager"),
    "hall": pgettext_lazy("source code", "service hall"),
    "online": pgettext_lazy("source code", "online"),
    "outlet": pgettext_lazy("source code", "outlet"),
    "own_hall": pgettext_lazy("source code", "own service hall"),
    "telesales": pgettext_lazy("source code", "telesales"),
    "wechat": pgettext_lazy("source code", "WeChat"),
    # Service levels of a customer.
    "bronze": pgettext_lazy("source code", "bronze"),
    "silver": pgettext_lazy("source code", "silver"),
    "gold": pgettext_lazy("source code", "gold"),
    "diamond": pgettext_lazy("source code", "diamond"),
    "female": pgettext_lazy("source code", "female"),
    "male": pgettext_lazy("source code", "male"),
    # How points came and went.
    "consumption": pgettext_lazy("source code", "earned by use"),
    "redeemed": pgettext_lazy("source code", "redeemed"),
    "carried_over": pgettext_lazy("source code", "carried over"),
    # Why a line changed its status.
    "arrears": pgettext_lazy("source code", "arrears"),
    "paid": pgettext_lazy("source code", "paid"),
    "port_out": pgettext_lazy("source code", "port-out"),
    "voluntary": pgettext_lazy("source code", "voluntary"),
    # Topics of a service contact.
    "balance": pgettext_lazy("source code", "balance"),
    "billing": pgettext_lazy("source code", "billing"),
    "contract": pgettext_lazy("source code", "contract"),
    "dropped_calls": pgettext_lazy("source code", "dropped calls"),
    "line_down": pgettext_lazy("source code", "line down"),
    "moving": pgettext_lazy("source code", "moving house"),
    "network": pgettext_lazy("source code", "network"),
    "new_service": pgettext_lazy("source code", "new service"),
    "plan": pgettext_lazy("source code", "plan"),
    "porting": pgettext_lazy("source code", "number porting"),
    "promotion": pgettext_lazy("source code", "promotion"),
    "service_attitude": pgettext_lazy("source code", "attitude of staff"),
    "slow_data": pgettext_lazy("source code", "slow data"),
}


def format_source_code(code: str) -> str:
    """The word for a usual code in the reader's language; any other code stays as it is, made readable."""
    return str(SOURCE_CODE_LABELS.get(code) or code.replace("_", " "))
