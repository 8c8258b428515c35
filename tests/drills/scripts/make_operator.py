"""In a process of its own: the small operator that the drills break. Prints nothing."""

from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from analytics.churn.learners.plain_rate import AgainstPlainRate  # noqa: E402
from analytics.churn.services import training, versions  # noqa: E402
from campaigns.scenarios.services.installation import install_scenarios  # noqa: E402
from retention.core import clock  # noqa: E402
from retention.core.accounts.models import Branch  # noqa: E402
from retention.core.accounts.roles import Role  # noqa: E402
from retention.core.accounts.services.staff import create_staff  # noqa: E402
from tests.learning import FEW_TREES  # noqa: E402
from workorders.order_types.services import install_order_types  # noqa: E402

SUBSCRIBERS = 600
UNTIL = clock.today() - timedelta(days=2)

call_command("migrate", verbosity=0)
with open("/dev/null", "w") as nowhere:
    call_command("simulate", subscribers=SUBSCRIBERS, days=365, until=UNTIL, stdout=nowhere)
root = Branch.objects.filter(parent=None).order_by("pk").first()
for username, role in (("mia", Role.MANAGER), ("ana", Role.AGENT), ("ada", Role.ADMINISTRATOR)):
    create_staff(
        username=username, role=role, branch=root.code, groups=("G1",), password="a-long-password-77", now=clock.now()
    )
install_order_types()
install_scenarios()
# The drills are about dying, not about learning: a few trees do, and whatever they tell may score.
training.MONTHS, training.ENOUGH_LEAVERS = 3, 2
training.settings_of = lambda kind, base: FEW_TREES
AgainstPlainRate.is_better = property(lambda self: True)
versions.train(as_of=UNTIL - timedelta(days=25))
