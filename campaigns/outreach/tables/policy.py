"""The contact policy as tables, its versions, and what another one would have refused."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campaigns.outreach.models import HOURS_OF, ContactPolicy, ContactPurpose, RefusalReason
from campaigns.outreach.queries import PolicyVersion
from campaigns.outreach.queries.explanations import OF_CAPS
from campaigns.outreach.text import format_hours
from customers.lists.models import ListEntry
from retention.core.managed.text import FieldText
from retention.core.ui.formats import moment
from retention.core.ui.tables.columns import Column, NumberColumn
from retention.core.ui.tables.detail import DetailTable

COUNTED = (*OF_CAPS, RefusalReason.QUIET_HOURS)


class PurposeTable(DetailTable):
    """What the policy says of each purpose."""

    purpose = Column(verbose_name=gettext_lazy("Purpose"))
    consent = Column(verbose_name=gettext_lazy("Consent"))
    caps = Column(verbose_name=gettext_lazy("Caps"))
    kept = Column(verbose_name=gettext_lazy("Kept contacts"))

    caption = gettext_lazy("Rules by purpose")
    css = "rp-mini"

    def __init__(self, policy: ContactPolicy) -> None:
        super().__init__([_purpose_row(policy, purpose, label) for purpose, label in ContactPurpose.choices])


def _purpose_row(policy: ContactPolicy, purpose: str, label: object) -> dict[str, object]:
    own, days = policy.purpose_caps.get(purpose), policy.contacts_days
    if purpose in policy.uncapped:
        caps = _("none")
    elif own is None:
        caps = _("those for all")
    else:
        caps = _("at most %(count)s in %(days)s days, within those for all") % {"count": own, "days": days}
    kept_for = purpose in policy.kept_for or purpose in policy.uncapped
    return {
        "purpose": label,
        "consent": _("needed") if purpose in policy.consent_needed else _("a refusal stops it"),
        "caps": caps,
        "kept": _("may use them")
        if kept_for
        else _("may not use the last %(count)s") % {"count": policy.kept}
        if policy.kept
        else "",
    }


class ChannelTable(DetailTable):
    """When contacts over each channel are made."""

    channel = Column(verbose_name=gettext_lazy("Channel"))
    hours = Column(verbose_name=gettext_lazy("Hours"))
    outside = Column(verbose_name=gettext_lazy("Outside the hours"))

    caption = gettext_lazy("Hours by channel")
    css = "rp-mini"

    def __init__(self, policy: ContactPolicy) -> None:
        outside = {ListEntry.Channel.CALL.value: _("no call is begun")}
        super().__init__(
            [
                {
                    "channel": dict(ListEntry.Channel.choices)[channel],
                    "hours": format_hours(policy, channel),
                    "outside": outside.get(channel, _("messages wait until they begin")),
                }
                for channel in HOURS_OF
            ]
        )


class VersionTable(DetailTable):
    """queries.policy_versions; each leads to the policy as it was."""

    number = Column(verbose_name=gettext_lazy("Version"))
    since = Column(verbose_name=gettext_lazy("In force from"), empty_values=())
    who = Column(verbose_name=gettext_lazy("By whom"))
    changed = Column(verbose_name=pgettext_lazy("history", "Change"))

    caption = gettext_lazy("Versions")
    css = "rp-mini"

    def __init__(self, versions: Sequence[PolicyVersion], *, text: FieldText) -> None:
        super().__init__(versions)
        self.text = text

    def row_url(self, record: PolicyVersion) -> str:
        return f"{reverse('outreach:policy')}?version={record.number}"

    def render_since(self, record: PolicyVersion) -> str:
        return moment(record.since) if record.since else _("the installation")

    def render_changed(self, value: Sequence[str]) -> str:
        return ", ".join(self.text.label(name) for name in value)


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
