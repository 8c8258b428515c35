from customers.ingest import consent_news
from customers.ingest.declare import Fields
from customers.ingest.resource import Resource
from customers.models import Consent, Tie

tie, consent = Fields(Tie), Fields(Consent)

TIES = Resource(
    "ties",
    Tie,
    key=("subscriber_no", "month", "other_hash"),
    fields=(
        tie.subscriber(),
        tie.month("month"),
        tie.text("other_hash"),
        tie.count("calls"),
        tie.real("minutes"),
        tie.choice("network"),
    ),
)

CONSENTS = Resource(
    "consents",
    Consent,
    key=("subscriber_no", "purpose", "channel"),
    fields=(
        consent.subscriber(),
        consent.text("purpose"),
        consent.text("channel"),
        consent.flag("granted"),
        consent.instant("at", past=True),
        consent.text("source"),
    ),
    before=consent_news.remember,
    after=consent_news.tell,
)
