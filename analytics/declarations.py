"""What this app declares to the core: audit actions, an API scope and tag, a lock space, chunked work."""

from django.utils.translation import gettext_lazy as _

from retention.core.api.scopes import SCOPES, Scope
from retention.core.api.tags import TAGS, Tag
from retention.core.audit import services as audit
from retention.core.db.locks import LOCK_SPACES
from retention.core.jobs.chunks import CHUNKED_WORK
from retention.core.ui.glossary import declare_meanings

audit.declare_actions(
    "model.contest",
    "model.promote",
    "model.train",
    "outcome.define",
    "value.change",
    "warning_list.freeze",
    "watch.change",
)
RISK_READ = SCOPES.declare("risk:read", Scope(_("read risk and warnings")))
SIGNALS = TAGS.declare("signals", Tag(30, _("Signals out"), "Risk, warnings and contacts."))
TRAINING_LOCK = LOCK_SPACES.declare(7311, "training a churn model")
SCORING = CHUNKED_WORK.declare("score", "analytics.churn.services.scoring.SCORING_WORK")
PLAN_FIT = CHUNKED_WORK.declare("plan_fit", "analytics.plan_fit.services.PLAN_FIT_WORK")

declare_meanings(
    {
        "ContactedTable.members": _("Members of the control group whom somebody contacted all the same."),
        "auc": _("Chance that a line that left was scored above one that stayed; 0.5 is guessing, 1 is perfect."),
        "lift_at_10": _("How many times more often the top tenth leaves than all lines."),
        "ece": _("Mean distance between the predicted and the actual share that left."),
        "lift": _("How many times more often the top tenth leaves than all lines."),
        "average_precision": _("How clean the top of the ranking is: the mean share of leavers down to each leaver."),
        "mean_predicted": _("The mean predicted churn probability of the lines it was judged on."),
        "ece_by_chance": _("The calibration error that a perfect model would show on so few lines."),
        "CohortsBesideTable.other_auc": _("AUC of the version beside it."),
        "CohortsBesideTable.other_ece": _("Calibration error of the version beside it."),
        "rows_judged": _("Lines whose end was known and that the figure rests on."),
        "leavers": _("Lines among them that left."),
        "lines": _("Lines that the row is about."),
        "CalibrationTable.old": _("Calibration error of the champion."),
        "CalibrationTable.new": _("Calibration error of this version."),
        "FigureTable.own": _("The figure of this version."),
        "FigureTable.theirs": _("The figure of the version beside it."),
        "GainTable.old": _("The figure of the champion on the same lines."),
        "GainTable.new": _("The figure of this version on the same lines."),
        "GainTable.low": _("Lower end of the 95 % interval of the gain."),
        "GainTable.high": _("Upper end of the 95 % interval of the gain."),
        "GainTable.rank": _("1 is the factor that says most about who leaves."),
        "log_loss": _("Mean penalty for the predicted chances; lower is better."),
        "SelectionTable.behind": _("How far its AUC lies below that of the best kind."),
        "SelectionTable.seconds": _("Time that the training took."),
        "TierTable.tier": _("The band of the churn probability: low, medium, high or critical."),
        "TierTable.since": _("The churn probability from which the tier begins."),
        "mean": _("Mean churn probability of these lines."),
        "chance": _("Mean churn probability of these lines."),
        "MemberTable.chance": _("Probability of the newest score that the line leaves within the model's horizon."),
        "EntryTable.probability": _("The churn probability when the list was made."),
        "EntryTable.tier": _("The risk tier when the list was made."),
        "EntryTable.monthly_spend": _("Mean spend a month over the six months before the list was made, in yuan."),
        "PictureTable.was": _("With the values that the line has now."),
        "PictureTable.will": _("With the values chosen here."),
        "PictureTable.difference": _("With the chosen values less as it is now."),
        "PlanRiskTable.probability": _("Mean churn probability of these lines."),
        "PlanRiskTable.total": _("Mean spend a month of the scored lines, added up, in yuan."),
        "seen_members": _("Members of the group with a line in use, of those you may see."),
        "seen_left_90d": _("Members whose line ended in the last 90 days."),
        "seen_spend_change": _("Spend of the members last month against the three months before, as a share."),
        "seen_spend": _("Mean monthly bills of the members, added up, in yuan."),
        "seen_forwarding": _("Members whose calls are forwarded to a number of another operator."),
        "seen_expected_leavers": _("The members' churn probabilities, added up."),
        "seen_revenue_at_risk": _("Monthly spend of each member times his churn probability, added up."),
        "calls_out_change": _("Calls made lately against the three months before, as a share."),
        "calls_in_change": _("Calls received lately against the three months before, as a share."),
        "in_share": _("Calls received as a share of all calls of the line."),
        "AlarmTable.peak": _("The worst reading while the alarm was open."),
        "psi": _("How far the factor's values have moved since training: below 0.1 little, above 0.25 much."),
        "psi_by_night": _("The PSI of each of the last 30 nights."),
        "drift": _("What is left of the PSI after the usual change with the calendar."),
        "missing": _("Share of the lines without a value."),
        "rise": _("How much the share without a value has grown since training."),
        "MonthTable.rows": _("Lines scored at the month end whose end is known."),
        "MonthTable.said": _("The mean churn probability that was predicted."),
        "MonthTable.happened": _("The share that left."),
        "rate": _("Churned lines as a share of those judged."),
        "BandTable.lift": _("The churn rate of the band against that of all lines."),
        "churned": _("Lines that left in a way that counts as churn."),
        "excluded": _("Lines that no churn rate counts, such as false users."),
        "labelled": _("Lines that churned or stayed: the base of the churn rate."),
        "FateTable.share": _("Share of all lines of the month."),
        "treated": _("Lines that were contacted in the test."),
        "treated_left": _("Of those contacted, the lines that left."),
        "control": _("Lines that were left alone for comparison."),
        "control_left": _("Of those held back, the lines that left."),
        "paying": _("Lines whose expected gain is above zero"),
        "SaveRateTable.share": _("Of the lines that would leave, the share that stays because of a contact."),
        "SaveRateTable.interval": _("The range in which the save rate lies with 95 % certainty."),
        "ListsTable.share": _("Share of the listed lines that left since."),
        "list_share": _("Share of the listed lines that left since."),
        "other_left": _("Lines that ended in a way that does not count as churn."),
        "list_lines": _("Lines on the list."),
        "contacted": _("Lines on the list whose customer was contacted since."),
        "contacted_left": _("Of those contacted, the lines that left."),
        "MovedTable.alone": _("How far this change alone moves the churn probability."),
        "circle_lines": _("Lines of the circle that are in use."),
        "circle_spend": _("What the lines of the circle spend a month, added up, in yuan."),
        "circle_left_90d": _("Lines that belonged to the circle when they ended, in the last 90 days."),
        "circle_contacts": _("Numbers outside the circle that its lines are in close contact with, each counted once."),
        "circle_rival_share": _("Of these numbers, the share on other networks."),
        "CircleTable.lines": _("Lines of the circle that are in use."),
        "CircleTable.mobiles": _("Mobile lines of the circle in use."),
        "CircleTable.broadbands": _("Broadband lines of the circle in use."),
        "CircleTable.spend": _("What the lines of the circle spend a month, added up, in yuan."),
        "CircleTable.rival_share": _(
            "Of the numbers outside that the circle is in close contact with, those of rivals."
        ),
        "CircleTable.left_90d": _("Lines that belonged to the circle when they ended, in the last 90 days."),
        "CircleTable.paid": _("What the lines that the bundle would replace pay a month, in yuan."),
        "CircleTable.bundle_cost": _("Monthly fee of the bundle with its broadband part, in yuan."),
        "CircleTable.bundle_saving": _("Paying for the same line by line less the bundle's cost, in yuan a month."),
        "plan_net": _("What all contacts that pay are expected to bring less what they cost, in yuan."),
        "plan_saved": _("Leavers expected to stay because of these contacts."),
        "backtest_hits": _("Lines that the rule held for at a month end, on average; each counts once a month."),
        "backtest_precision": _("Of the hits, the share that left by choice within 60 days."),
        "backtest_lift": _("How many times more often the hits left by choice than all lines of their types."),
        "backtest_share": _("Of all lines that left by choice within 60 days, the share that the rule had found."),
        "backtest_gain": _("What plain contacts with the hits would have kept, less what they cost, in yuan a month."),
        "backtest_orders": _(
            "Customers a day after the cool-down and at most the nightly limit, beside the orders that agents closed a"
            " day over the last 30 days."
        ),
        "result_saves": _("Lines that stayed within 90 days because of the campaign: treated × difference in leaving."),
        "result_cost_per_save": _("What the campaign has cost, divided by its incremental saves."),
        "result_net": _("What the incremental saves are worth less what the campaign has cost, in yuan."),
        "result_members": _("Customers of the campaign in your branch and below, as they were frozen."),
        "result_contacts": _("Contacts that the campaign has made."),
        "result_cost": _("Contacts at what one costs, and the offers that were accepted and not refused by billing."),
        "uplift_helps": _("Lines of the half for which a contact changes most, as judged on our own campaigns."),
        "uplift_asleep": _("Lines that are expected to stay rather when nobody contacts them."),
        "plan_cost": _("What the contacts and their offers are expected to cost, in yuan."),
    }
)
