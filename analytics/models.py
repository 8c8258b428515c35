"""Loads the models of the features, so that Django finds them. Import them from their feature."""

import analytics.backtests.models  # noqa: F401
import analytics.churn.models  # noqa: F401
import analytics.evaluation.models  # noqa: F401
import analytics.groups.models  # noqa: F401
import analytics.kpis.models  # noqa: F401
import analytics.monitoring.models  # noqa: F401
import analytics.outcomes.models  # noqa: F401
import analytics.valuation.models  # noqa: F401
import analytics.warnings.models  # noqa: F401
