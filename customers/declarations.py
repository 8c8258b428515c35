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
    "lines", Counted(_("Lines in use"), "customers.directory.queries.count_lines", "/customers/?branch={code}")
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
