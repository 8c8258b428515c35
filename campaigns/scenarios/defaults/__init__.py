"""The scenarios that ship, by theme. Data only; install_scenarios() writes them.

Numbers with a `name` are what a manager is expected to tune. The order types are rows of workorders.
"""

from campaigns.scenarios.defaults.bundles import BUNDLES
from campaigns.scenarios.defaults.care import CARE
from campaigns.scenarios.defaults.churn_signs import CHURN_SIGNS
from campaigns.scenarios.defaults.cohort_members import COHORT_MEMBERS
from campaigns.scenarios.defaults.contracts import CONTRACTS
from campaigns.scenarios.defaults.on_events import ON_EVENTS
from campaigns.scenarios.defaults.payments import PAYMENTS
from campaigns.scenarios.defaults.use_of_services import USE_OF_SERVICES
from campaigns.scenarios.defaults.visits import VISITS
from campaigns.scenarios.defaults.winning_back import WINNING_BACK

SCENARIOS = [
    *COHORT_MEMBERS, *CHURN_SIGNS, *CONTRACTS, *PAYMENTS, *CARE, *USE_OF_SERVICES, *BUNDLES, *WINNING_BACK, *ON_EVENTS,
    *VISITS,
]  # fmt: skip
