"""What an experiment can show, in words."""

from django.utils.translation import gettext as _

from campaigns.experiments.rules import Visibility
from retention.core.ui import formats


def format_visibility(found: Visibility) -> str:
    """`With 4,210 people, 2,105 of them held out, and a base rate of 2.0% you can see a change of 1.1 points ...`"""
    facts = {
        "people": formats.number(found.people),
        "control": formats.number(found.control),
        "rate": formats.percent(found.base_rate),
    }
    if found.smallest is not None:
        change = formats.number(100 * found.smallest, 1 if found.smallest >= 0.001 else 2)
        return _(
            "With %(people)s people, %(control)s of them held out, and a base rate of %(rate)s you can see a change of"
            " %(change)s points or more."
        ) % (facts | {"change": change})
    if not found.control or not found.treated:
        return _("With nobody held out, or nobody treated, no change can be seen.")
    if found.needed is None:
        return _("What can be seen is known only with a base rate above 0 and below 100%.")
    return _(
        "With %(people)s people, %(control)s of them held out, and a base rate of %(rate)s not even a fall to zero can"
        " be told from chance: half the rate needs %(needed)s people."
    ) % (facts | {"needed": formats.number(found.needed)})
