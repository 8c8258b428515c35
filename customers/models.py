"""Loads the models of the features, so that Django finds them. Import them from their feature."""

import customers.batches.models  # noqa: F401
import customers.circles.models  # noqa: F401
import customers.cohorts.models  # noqa: F401
import customers.contacts.models  # noqa: F401
import customers.credit.models  # noqa: F401
import customers.facts.models  # noqa: F401
import customers.glossary.models  # noqa: F401
import customers.grants.models  # noqa: F401
import customers.imports.models  # noqa: F401
import customers.ingest.models  # noqa: F401
import customers.lists.models  # noqa: F401
import customers.page360.models  # noqa: F401
import customers.profile.models  # noqa: F401
import customers.risk.models  # noqa: F401
import customers.tariffs.models  # noqa: F401
