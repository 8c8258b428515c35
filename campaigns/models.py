"""Loads the models of the features, so that Django finds them. Import them from their feature."""

import campaigns.campaigns.models  # noqa: F401
import campaigns.care.models  # noqa: F401
import campaigns.cohorts.models  # noqa: F401
import campaigns.offers.models  # noqa: F401
import campaigns.outreach.models  # noqa: F401
import campaigns.scenarios.models  # noqa: F401
import campaigns.segments.models  # noqa: F401
