"""What this app declares to the core: audit actions, jobs and chunked work, API scopes and tags, events, locks."""

from django.utils.translation import gettext_lazy as _

from retention.core.administration.sections import SECTIONS, Section
from retention.core.api.scopes import SCOPES, Scope
from retention.core.api.tags import TAGS, Tag
from retention.core.audit import services as audit
from retention.core.db.locks import LOCK_SPACES
from retention.core.jobs.chunks import CHUNKED_WORK
from retention.core.jobs.text import KINDS
from retention.core.staff.queries import BRANCH_COUNTS, Counted
from retention.core.ui.glossary import declare_meanings
from retention.core.webhooks.events import EVENTS, Event

audit.declare_actions(
    "batch.settle",
    "batch.take_back",
    "custom_field.change",
    "customer.list_add",
    "customer.list_end",
    "customer.raise_reveals",
    "customer.reveal_phone",
    "customer.view",
    "facts.import",
    "facts.take_back",
)
IMPORT_JOB = KINDS.declare("import", _("Import of facts"))

FACTS_WRITE = SCOPES.declare("facts:write", Scope(_("send facts"), whole_base=True))
EVENTS_WRITE = SCOPES.declare("events:write", Scope(_("send events"), whole_base=True))
CONTACTS_READ = SCOPES.declare("contacts:read", Scope(_("read customers and contacts")))
FACTS = TAGS.declare("facts", Tag(10, _("Facts in"), "Batches and single rows of the resources that billing keeps."))
EVENTS_IN = TAGS.declare(
    "events", Tag(20, _("Events in"), "What happens to a line; event scenarios act within 60 seconds.")
)
CONSENT_CHANGED = EVENTS.declare(
    "consent.changed",
    Event(
        _("consent changed"),
        "A customer has granted or withdrawn a consent",
        "customers.facts.serializers.ConsentChange",
    ),
)
WARNING_RAISED = EVENTS.declare(
    "warning.raised",
    Event(
        _("warning raised"),
        "A line has come to the tier high or critical",
        "customers.risk.serializers.RaisedWarning",
    ),
)

PENDING_REFERENCES_LOCK = LOCK_SPACES.declare(7303, "landing rows that wait for their reference")
IDEMPOTENCY_LOCK = LOCK_SPACES.declare(7305, "an idempotency key of an API client")
LANDING_LOCK = LOCK_SPACES.declare(7308, "landing rows of a resource")
BATCH_LOCK = LOCK_SPACES.declare(7306, "loading a batch")

PROFILE = CHUNKED_WORK.declare("profile", "customers.profile.services.build.PROFILE_WORK")
SNAPSHOT = CHUNKED_WORK.declare("snapshot", "customers.profile.services.snapshots.SNAPSHOT_WORK")
BRANCH_COUNTS.declare(
    "lines",
    Counted(
        _("Lines in use"),
        _("Lines in use of the branch and all below it, as the customer list shows them."),
        "customers.directory.queries.count_lines",
        "/customers/?branch={code}",
    ),
)
for key, section in {
    "lists": Section(
        _("Customer lists"), _("Do not disturb, blacklist, red list, false users: what each does and who is on it"),
        "hand-stop", "customer_lists:kinds", "customers.list", 21,
    ),
    "own_fields": Section(
        _("Own fields"), _("What billing knows about a line beyond the fields that ship"), "tag", "own_fields:list",
        "own_fields.edit", 40,
    ),
}.items():  # fmt: skip
    SECTIONS.declare(key, section)

declare_meanings(
    {
        "BranchValuesTable.lines": _("Lines of this branch and below on the last night."),
        "BranchValuesTable.unknown": _("Share of these lines whose value is not known."),
        "BranchValuesTable.typical": _(
            "Where the median lies; of codes the most frequent one, with its share of the known."
        ),
        "CreditTable.points": _("Points of the card for this value."),
        "CreditTable.most": _("The most points that this factor can give."),
        "CreditChangeTable.score": _("The points of all factors added up, 0 to 100."),
        "arpu": _("Mean spend a month over the last six months, in yuan."),
        "risk_probability": _("Probability of the newest score that the line leaves within the model's horizon."),
        "risk_tier": _("The band of the churn probability: low, medium, high or critical."),
        "expected_gain": _("What a contact is expected to bring less what it costs, in yuan."),
        "use_change": _("Calls, data and messages lately against the three months before, as a share."),
        "forwarded_rival_recent": _("Calls forwarded to another operator's number in 30 days."),
        "contract_days_left": _("Days until the contract in force ends."),
        "balance": _("Money on the account when its balance was last delivered; arrears are what is overdue."),
        "last_contact": _("The newest contact with the customer by any channel, and how it ended."),
        "plan_fee": _("The monthly fee of the plan, in yuan."),
        "BillTable.total": _("What the bill asks for after discounts, in yuan."),
        "BillTable.beyond": _("What was charged in the month beyond the plan's fee, in yuan."),
        "BillTable.discount": _("What was taken off the bill, in yuan."),
        "TopUpTable.amount": _("What was paid in during the month, in yuan."),
        "TopUpTable.count_of": _("How many times money was paid in during the month."),
        "TicketTable.severity": _("How serious the ticket is, as the service system rates it."),
        "TicketTable.satisfaction": _("The customer's answer when asked how satisfied he was with the solution."),
        "BatchTable.received": _("Rows that the batch held."),
        "BatchTable.waiting": _("Rows that wait for something they refer to, such as a customer not sent yet."),
        "WaitingTable.rows": _("Rows that wait for the same thing."),
        "ReasonTable.rows_wrong": _("Rows refused for this reason."),
        "WaitingGroupTable.rows_waiting": _("Rows that wait for the same thing."),
        "ImportTable.received": _("Rows that the file held."),
        "MappingTable.columns_read": _("Columns of a file that the mapping reads."),
    }
)
