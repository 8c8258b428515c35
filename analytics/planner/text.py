"""What a plan says: whether a campaign pays, and what the asked number of contacts brings less than the best one."""

from django.utils.translation import gettext

from analytics.planner.services import BEST, CampaignPlan
from retention.core.ui import formats


def format_advice(found: CampaignPlan, treatment: str) -> tuple[str, str] | None:
    """(sentence, tone): whether a campaign pays at all, and why not."""
    if not found.lines:
        return None
    if found.paying:
        share = {"paying": formats.number(found.paying), "net": formats.money(found.best.net, 0)}
        return gettext("%(paying)s contacts pay; together they are expected to bring %(net)s.") % share, "good"
    if found.harmful >= 0.5:
        return gettext("No campaign pays here: in tests the contact made customers leave."), "bad"
    top = {"top": formats.money(found.top)}
    if treatment == BEST:
        return gettext("No campaign pays here: even the best contact is expected to bring %(top)s.") % top, "warning"
    return gettext("No campaign pays here with this treatment: its best contact brings %(top)s.") % top, "warning"


def format_short_of_best(found: CampaignPlan, *, is_default: bool) -> str:
    """That the asked number of contacts brings less than the best one, with both sums; "" where it does not.

    is_default: nobody gave the number.
    """
    net, best = formats.money(found.asked.net, 0), formats.money(found.best.net, 0)
    if not found.paying or found.asked.contacts == found.paying or net == best:
        return ""
    if found.asked.contacts > found.paying:
        text = gettext(
            "%(asked)s contacts are more than the %(paying)s that pay: they are expected to bring %(net)s, "
            "the best list %(best)s."
        )
    else:
        text = gettext(
            "%(asked)s contacts are fewer than the %(paying)s that pay: they are expected to bring %(net)s, "
            "the best list %(best)s."
        )
    counts = {"asked": formats.number(found.asked.contacts), "paying": formats.number(found.paying)}
    said = text % (counts | {"net": net, "best": best})
    if is_default:
        said += " " + gettext("The number is the default: “Contacts available” is empty.")
    return said
