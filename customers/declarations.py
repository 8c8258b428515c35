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
    "customer.consent",
    "customer.list_add",
    "customer.list_change",
    "customer.list_end",
    "customer.list_file",
    "customer.raise_reveals",
    "customer.reveal_phone",
    "customer.view",
    "facts.import",
    "facts.take_back",
    "ownlist.change",
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
        "plan_allowance": _("What the plan's fee covers in a month before anything is charged on top."),
        "bandwidth": _("The speed sold with the line, in Mbit/s downstream."),
        "customer_tier": _("The customer's level in the member programme, as billing sends it."),
        "customer_since": _("The day on which the customer's first line was opened, as billing sends it."),
        "service_level": _("The level of service agreed with an enterprise customer."),
        "credit_limit": _("How far the account may owe before its lines are stopped, in yuan."),
        "credit_score": _("The points of all factors of the credit card added up, 0 to 100."),
        "profiling_opt_out": _(
            "The customer has refused profiling: scenarios that use the churn risk leave the line out."
        ),
        "line_status": _("In service, stopped or terminated, with the reason and the day, as billing sends it."),
        "points": _("All entries of the points account added up: earned less redeemed and expired."),
        "group_size": _("Lines of the group in service, and the share that left in 90 days."),
        "circle_size": _("Numbers in regular contact with the line, and the share of them on other networks."),
        "risk_decile": _("The place of the line among all scored that night: decile 1 is the tenth most at risk."),
        "BillTable.total": _("What the bill asks for after discounts, in yuan."),
        "BillTable.beyond": _("What was charged in the month beyond the plan's fee, in yuan."),
        "BillTable.discount": _("What was taken off the bill, in yuan."),
        "TopUpTable.amount": _("What was paid in during the month, in yuan."),
        "TopUpTable.count_of": _("How many times money was paid in during the month."),
        "TicketTable.severity": _("How serious the ticket is, as the service system rates it."),
        "TicketTable.satisfaction": _("The customer's answer when asked how satisfied he was with the solution."),
        "RejectedTable.row": _("The place of the row in the file."),
        "BatchTable.received": _("Rows that the batch held."),
        "BatchTable.waiting": _("Rows that wait for something they refer to, such as a customer not sent yet."),
        "WaitingTable.rows": _("Rows that wait for the same thing."),
        "ReasonTable.rows_wrong": _("Rows refused for this reason."),
        "WaitingGroupTable.rows_waiting": _("Rows that wait for the same thing."),
        "KindTable.expiring": _("Entries in force today that end within 30 days"),
        "ImportTable.received": _("Rows that the file held."),
        "MappingTable.columns_read": _("Columns of a file that the mapping reads."),
    }
)
