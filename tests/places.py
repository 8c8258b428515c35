"""The address of every page with a real row behind it, for tests that visit them all."""

from datetime import timedelta
from typing import Any

from analytics.warnings.services.monthly import freeze_list
from campaigns.campaigns.models import CampaignPlan
from campaigns.care.services import install_care
from campaigns.segments.models import Segmentation
from campaigns.segments.services.installation import install_segmentations
from campaigns.segments.services.placement import record_segments
from customers.batches.models import IngestBatch
from customers.circles.models import Circle
from customers.facts.models import CustomerGroup
from customers.fields.choices import CircleKind
from customers.imports.services.uploads import receive
from customers.lists.models import OwnList
from retention.core.accounts.models import Team, User
from retention.core.exports.models import ListExport
from retention.core.notices.models import Notice
from tests.analytics.monitoring.rows import make_alarm, make_version
from tests.api import make_client
from tests.campaigns.campaigns.rows import make_campaign, make_member
from tests.campaigns.care.rows import make_notice as make_care_notice
from tests.campaigns.cohorts.rows import make_cohort
from tests.campaigns.messages.rows import queued
from tests.campaigns.offers.rows import make_offer
from tests.campaigns.rows import make_scenario
from tests.core.webhooks.hooks import make_hook
from tests.customers.batches.batch_bodies import plan, send
from tests.factories import (
    NOW,
    TODAY,
    grant,
    make_custom_field,
    make_job,
    make_list_entry,
    make_profile,
    make_risk_score,
    make_subscriber,
)
from tests.workorders.allocation.rows import make_rule, make_skill
from tests.workorders.clocks.rows import make_calendar
from tests.workorders.documents.files import make_document
from tests.workorders.inspections.rows import make_visit
from tests.workorders.knowledge.rows import make_article
from tests.workorders.quality.rows import call, make_review
from tests.workorders.quality.rows import make_rule as make_sample_rule
from tests.workorders.rows import HOUR, make_orders
from tests.workorders.surveys.rows import make_questionnaire
from workorders.allocation.models import Absence
from workorders.desk_messages.services import send_message
from workorders.flows.services import start_draft
from workorders.knowledge.services.use import suggest
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.quality.models import Calibration
from workorders.saved_views.models import SavedView
from workorders.supervision.models import BulkRun

FILE = b"customer_no,name\nC1,Wang Fang\nC2,Li Wei\n"


def make_places(*, team: Team, agent: User, admin: User) -> dict[str, list[Any]]:
    """The arguments of every route that has some. `agent` has a work order; `admin` an import and an export."""
    group = CustomerGroup.objects.create(group_no="G-1", name="Works", kind="enterprise_vpn")
    line = make_profile(subscriber=make_subscriber(branch=team.branch, group=group)).subscriber
    make_risk_score(subscriber=line, as_of=TODAY)
    customer = line.account.customer
    grant(customer=customer, user=agent)
    entry = make_list_entry(customer=customer)
    job = make_job()
    machine = make_client("facts:write")
    send(machine, "plans", [plan("A"), plan("B", monthly_fee="x")])
    batch = IngestBatch.objects.get()
    hook = make_hook().webhook
    scenario, offer = make_scenario(), make_offer()
    article = make_article()
    wish = suggest(person=agent, text="Shorter, please.", code=article.code, now=NOW)
    message = queued()
    call(*make_orders(1, team=team), agent, at=NOW - HOUR)
    make_orders(1, team=team)
    order = claim_next(agent=agent, now=NOW)
    start_draft(actor=admin, code=order.type.code)
    assert order is not None
    done = WorkOrder.objects.exclude(pk=order.pk).get()
    review = make_review(done)
    rule = make_sample_rule(sheet=review.sheet)
    calibration = Calibration.objects.create(name="May", sheet=review.sheet, opened_by=admin, opened_at=NOW)
    desk_message = send_message(actor=admin, text="Well done.", agents=[agent], now=NOW)
    calendar = make_calendar(code="office")
    visit = make_visit()
    document = make_document()
    version, alarm = make_version(), make_alarm()
    freeze_list(as_of=TODAY, now=NOW)
    upload = receive(name="file.csv", blocks=[FILE], resource="customers", actor=admin, now=NOW)
    export = ListExport.objects.create(
        list="jobs", kind="csv", language="en", as_of=NOW, owner=admin, job=make_job(kind="export"), folder="f"
    )
    install_segmentations()
    record_segments(as_of=TODAY)
    matrix = Segmentation.objects.get(line_type=line.line_type).code
    cell, month = f"{matrix}.high.middle.unbound", "2026-10-31"
    cohort = make_cohort(frozen_on=TODAY, members=1, enabled=True)
    member = cohort.lines.create(
        subscriber=line, customer=customer, branch=line.branch, phone_number=line.phone_number, value_band="mid",
        base_revenue=80, owner=agent,
    )  # fmt: skip
    campaign = make_campaign(state="running")
    make_member(campaign=campaign)
    quarter = CampaignPlan.objects.create(year=2026, quarter=4, goal="Keep them")
    install_care()
    care = make_care_notice()
    circle = Circle.objects.create(kind=CircleKind.HOUSEHOLD, since=TODAY.replace(day=1), lines=1, branch=line.branch)
    own = OwnList.objects.create(code="vip", name="VIPs", name_zh="贵宾")
    survey = make_questionnaire(published_at=None)
    away = Absence.objects.create(agent=agent, first_day=TODAY + timedelta(days=9), last_day=TODAY + timedelta(days=9))
    view = SavedView.objects.create(owner=admin, page="orders", name="Overdue", query="due=overdue")
    bulk = BulkRun.objects.create(job=make_job(kind="bulk_orders", actor=admin), action="cancel", given={"reason": "x"})
    notice = Notice.objects.create(person=admin, message="test", where="/", created_at=NOW)
    return {
        **{f"batches:{name}": [batch.number] for name in ("batch", "settle", "take-back")},
        **{
            f"campaigns:scenario{move}": [scenario.code]
            for move in (
                "", "-edit", "-copy", "-try", "-tune", "-switch", "-branches", "-versions", "-restore",
            )
        },
        "backtests:scenario": [scenario.code],
        **{f"care:carenotice{move}": [care.code] for move in ("", "-edit", "-copy", "-switch")},
        "glossary:field": ["arpu"],
        "analytics:circle": [circle.pk],
        **{f"offers:offer{move}": [offer.code] for move in ("", "-eligible", "-edit", "-copy", "-switch", "-limits")},
        "workorders:offer-decide": [987654],
        **{f"campaign:{name}": [campaign.code] for name in ("campaign", "members")},
        "evaluation:campaign": [campaign.code],
        **{f"campaign:campaign-{move}": [campaign.code] for move in ("edit", "copy", "switch")},
        "campaign:plan-edit": [quarter.pk],
        **{f"knowledge:{name}": [article.code] for name in ("article", "compare", "vote", "calls")},
        **{
            f"knowledge:article-{name}": [article.code]
            for name in ("edit", "copy", "approval", "switch", "versions", "restore")
        },
        **{f"knowledge:{name}": [wish.pk] for name in ("suggestion", "settle")},
        "workorders:knowledge-article": [order.order_no, article.code],
        "messages:message": [message.reference],
        **{
            f"messages:messagetemplate{move}": [message.template.code]
            for move in ("", "-edit", "-copy", "-switch", "-approval", "-test")
        },
        **{f"cohorts:{name}": [cohort.code] for name in ("cohort", "members", "give")},
        **{f"cohorts:cohort-{move}": [cohort.code] for move in ("edit", "copy", "switch", "freeze", "share-out")},
        "cohorts:member": [cohort.code, member.pk],
        **{f"customer_lists:entry{move}": [entry.pk] for move in ("", "-end")},
        **{f"customer_lists:ownlist{move}": [own.code] for move in ("", "-edit", "-copy", "-switch")},
        **{f"segments:{name}": [matrix] for name in ("segmentation", "migration", "assign")},
        **{f"segments:segmentation-{move}": [matrix] for move in ("edit", "copy", "switch")},
        **{f"segments:{name}": [matrix, cell] for name in ("lines", "cell")},
        "segments:lines-at": [matrix, cell, month],
        "segments:moved": [matrix, month, cell, cell],
        **{
            f"workorders:{name}": [order.order_no]
            for name in (
                "order", "background", "offer", "outcome", "start", "take", "draft", "beat", "reopen", "requeue",
                "knowledge", "dial", "call", "hang-up", "appointment-load", "skip", "message", "message-send",
            )
        },
        "workorders:recording": [f"{order.order_no}-1"],
        **{f"analytics:{name}": [version.pk] for name in ("promote", "compare", "version")},
        "analytics:watch-acknowledge": [alarm.pk],
        **{f"analytics:watch-{move}": [987654] for move in ("accept", "decline")},
        "workorders:agent-day": [agent.username],
        "core:notice": [notice.pk],
        **{f"core:alert-{move}": [alarm.pk] for move in ("acknowledge", "own", "snooze")},
        "analytics:list": [f"{TODAY:%Y-%m}"],
        **{f"analytics:group{move}": [group.group_no] for move in ("", "-orders")},
        "analytics:what-if": [line.subscriber_no],
        "analytics:edit-terms": ["mobile"],
        **{f"analytics:{move}": ["gift"] for move in ("edit-treatment", "adopt-acceptance")},
        "analytics:withdraw-experiment": [987654],
        **{f"analytics:outcome-{move}": ["leaves", "mobile"] for move in ("define", "remove")},
        **{
            f"imports:{name}": [upload.pk]
            for name in (
                "detail", "sheet", "columns", "mapping", "preview", "rejected", "run", "delete", "mapping-use",
            )
        },
        "imports:mapping-delete": [987654],
        **{f"core:export{name}": [export.pk] for name in ("", "-file")},
        **{f"core:webhook{move}": [hook.pk] for move in ("", "-settle", "-switch")},
        **{f"core:api-client{move}": [machine.client.pk] for move in ("", "-change", "-rotate", "-revoke")},
        **{f"core:person{move}": [agent.username] for move in ("", "-edit", "-switch", "-unlock", "-password")},
        "core:staff-group-edit": [team.code],
        **{f"order_types:type{move}": [order.type.code] for move in ("", "-edit")},
        **{f"clocks:workcalendar{move}": [calendar.code] for move in ("", "-edit", "-copy", "-switch")},
        "clocks:type": [order.type.code],
        **{f"inspections:inspectionplan{move}": [visit.plan.code] for move in ("", "-edit", "-copy", "-switch")},
        "inspections:visit-move": [visit.pk],
        **{f"documents:document{move}": [document.code] for move in ("", "-edit", "-copy", "-switch")},
        "documents:file": [document.code],
        "order_types:disposition-edit": ["no_answer"],
        "pauses:code-edit": ["lunch"],
        "allocation:rule-edit": [make_rule(branch=team.branch, spend_from=100).code],
        "allocation:skill-edit": [make_skill().code],
        "allocation:agent-edit": [agent.username],
        "allocation:target-edit": [team.code],
        **{f"saved_views:{name}": [view.pk] for name in ("open", "change")},
        **{f"absences:{name}": [away.pk] for name in ("edit", "hand-over", "end")},
        "workorders:open-for-line": [line.subscriber_no],
        **{f"workorders:{name}": [bulk.pk] for name in ("bulk-run", "bulk-stop")},
        **{f"quality:{name}": [review.pk] for name in ("review", "finish", "answer", "own", "reply")},
        "quality:choose": [order.order_no],
        **{f"quality:calibration{way}": [calibration.pk] for way in ("", "-close")},
        **{f"quality:scoresheet{way}": [review.sheet.code] for way in ("", "-edit", "-copy", "-switch")},
        **{f"quality:samplerule{way}": [rule.code] for way in ("", "-edit", "-copy", "-switch")},
        "quality:draw": [rule.code],
        **{f"desk_messages:{name}": [desk_message.pk] for name in ("read", "receipts")},
        **{
            f"surveys:{name}": [survey.code]
            for name in ("questionnaire", "edit", "copy", "draft", "discard", "publish", "ask")
        },
        "survey_results:results": [survey.code],
        "surveys:preview": [survey.code, survey.version],
        **{f"flows:{page}": [order.type.code] for page in ("flow", "trial", "draft", "start", "publish", "discard")},
        "workorders:step": [order.order_no, "defer"],
        **{f"inbound:{name}": [order.order_no] for name in ("take", "write")},
        "own_fields:edit": [make_custom_field(key="vip").key],
        **{f"core:job{part}": [job.pk] for part in ("", "-progress", "-again")},
        **{f"customers:{name}": [line.subscriber_no] for name in ("detail", "phone", "put-on-list")},
        **{f"outreach:{name}": [line.subscriber_no] for name in ("line", "consent")},
        "customers:take-off-list": [line.subscriber_no, entry.pk],
    }  # fmt: skip
