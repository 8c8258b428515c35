"""Names in braces that a script may use: {customer} is replaced by the customer's name. Pure."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

VARIABLES = {
    "customer": _("name of the customer"),
    "plan": _("plan of the line"),
    "agent": _("name of the agent"),
    "branch": _("branch of the order"),
}
EXAMPLES = {"customer": _("Wang Fang"), "plan": _("5G 129"), "agent": _("Li Na"), "branch": _("East branch")}
_NAME = re.compile(r"\{([a-z_]+)\}")


def names_in(text: str) -> set[str]:
    return set(_NAME.findall(text))


def fill(text: str, values: Mapping[str, object]) -> str:
    """The text with what is known in place of its names; a name that is not known stays."""
    return _NAME.sub(lambda found: str(values[found[1]]) if values.get(found[1]) else found[0], text)
