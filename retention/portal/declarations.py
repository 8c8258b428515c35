"""Declarations of the portal to the core: labels of the jobs of the night and of the demo, and of their steps."""

from django.utils.translation import gettext_lazy as _

from retention.core.jobs.text import KINDS, STEPS

KINDS.declare("nightly", _("Nightly run"))
KINDS.declare("demo", _("Demo operator"))

# The night (retention/pipeline.py, its steps in retention/nightly_steps.py).
STEPS.declare("arrivals", _("Facts arrived"))
STEPS.declare("roll_up", _("Days rolled up to months"))
STEPS.declare("plan_fit", _("Use rated on every plan"))
STEPS.declare("circles", _("Lines put into circles"))
STEPS.declare("profile", _("Profile"))
STEPS.declare("snapshot", _("Month-end snapshot"))
STEPS.declare("shipped", _("Shipped scenarios and order types"))
STEPS.declare("outcomes", _("Outcomes of past months"))
STEPS.declare("model", _("Model"))
STEPS.declare("score", _("Scores with reasons"))
STEPS.declare("uplift", _("Whom a contact helps"))
STEPS.declare("watch", _("Model monitoring"))
STEPS.declare("groups", _("Groups at risk"))
STEPS.declare("segments", _("Segments and migration"))
STEPS.declare("cohorts", _("Snapshot cohorts measured"))
STEPS.declare("warning_list", _("Monthly warning list"))
STEPS.declare("scenarios", _("Scenarios"))
STEPS.declare("orders", _("Orders opened"))
STEPS.declare("backtests", _("Scenarios played over the last month ends"))
STEPS.declare("close_out", _("Lapsed orders closed"))
STEPS.declare("kpis", _("Indicators"))

# The demo (retention/portal/services/demo.py).
STEPS.declare("operator", _("Operator and facts"))
STEPS.declare("staff", _("Staff"))
STEPS.declare("history", _("Indicators of the past"))
