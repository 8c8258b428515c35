"""The customer's other lines, and the group and circle this line belongs to. Only what the person may see."""

from django.utils.translation import gettext as _

from customers.facts.models import Subscriber
from customers.page360.queries.head import profile_of
from retention.core.accounts.models import User
from retention.core.ui import formats

MAX_RELATED_LINES = 12


def other_lines(line: Subscriber, user: User) -> list[Subscriber]:
    """Lines of the same customer or the same group, the customer's own first; risk from their profiles."""
    rows = Subscriber.objects.visible_to(user).beside(line)
    found = list(rows.for_list().order_by("pk")[: MAX_RELATED_LINES * 4])
    found.sort(key=lambda other: (other.account.customer_id != line.account.customer_id, other.status, other.pk))
    return found[:MAX_RELATED_LINES]


def group_summary(line: Subscriber) -> list[tuple[str, object]]:
    """The group and the calling circle as the profile knows them: (label, value), what is not known left out."""
    profile, group = profile_of(line), line.group
    pairs: list[tuple[str, object]] = []
    if group:
        pairs.append((_("Group"), f"{group.name} ({group.get_kind_display()})"))
    if profile and profile.group_size:
        pairs.append(
            (_("Members"), _with_share(profile.group_size, profile.group_left_90d, _("%(share)s left in 90 days")))
        )
    if profile and profile.circle_size:
        on_rivals = _with_share(profile.circle_size, profile.circle_rival_share, _("%(share)s on rival networks"))
        pairs.append((_("Strong contacts"), on_rivals))
    return pairs


def _with_share(count: int, share: float | None, text: str) -> str:
    shown = formats.number(count)
    return f"{shown} · {text % {'share': formats.percent(share)}}" if share else shown
