"""What another policy would have refused."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campaigns.outreach.models import RefusalReason
from retention.core.ui.tables.columns import Column, NumberColumn
from retention.core.ui.tables.detail import DetailTable

COUNTED = (
    RefusalReason.ATTEMPTS_SPENT,
    RefusalReason.CONNECTED_LATELY,
    RefusalReason.MESSAGES_SPENT,
    RefusalReason.QUIET_HOURS,
)


class EffectTable(DetailTable):
    """in_force, given: as queries.count_refused. A row for each reason, then the refused of all contacts made."""

    reason = Column(verbose_name=pgettext_lazy("contact rule", "Rule"))
    in_force = NumberColumn(
        verbose_name=gettext_lazy("Refused by the policy in force"),
        help_text=gettext_lazy("Contacts made in the last 30 days that the policy in force would refuse."),
    )
    given = NumberColumn(
        verbose_name=gettext_lazy("Refused by this one"),
        help_text=gettext_lazy("The same contacts, by what stands in the form."),
    )

    caption = gettext_lazy("Contacts of the last 30 days")
    css = "rp-mini"

    def __init__(self, in_force: Mapping[str, int], given: Mapping[str, int]) -> None:
        rows = [(str(one.label), in_force.get(one, 0), given.get(one, 0)) for one in COUNTED]
        rows.append((_("All rules"), sum(row[1] for row in rows), sum(row[2] for row in rows)))
        rows.append((_("Of contacts made"), sum(in_force.values()), sum(given.values())))
        super().__init__([dict(zip(("reason", "in_force", "given"), row, strict=True)) for row in rows])
