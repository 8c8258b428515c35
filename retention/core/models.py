"""Loads the models of the features, so that Django finds them. Import them from their feature."""

import retention.core.accounts.models  # noqa: F401
import retention.core.alerts.models  # noqa: F401
import retention.core.api.models  # noqa: F401
import retention.core.audit.models  # noqa: F401
import retention.core.exports.models  # noqa: F401
import retention.core.jobs.models  # noqa: F401
import retention.core.notices.models  # noqa: F401
import retention.core.restores.models  # noqa: F401
import retention.core.webhooks.models  # noqa: F401
