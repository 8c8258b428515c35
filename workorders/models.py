"""Loads the models of the features, so that Django finds them. Import them from their feature."""

import workorders.allocation.models  # noqa: F401
import workorders.clocks.models  # noqa: F401
import workorders.desk_messages.models  # noqa: F401
import workorders.documents.models  # noqa: F401
import workorders.inbound.models  # noqa: F401
import workorders.inspections.models  # noqa: F401
import workorders.knowledge.models  # noqa: F401
import workorders.order_types.models  # noqa: F401
import workorders.orders.models  # noqa: F401
import workorders.pauses.models  # noqa: F401
import workorders.quality.models  # noqa: F401
import workorders.saved_views.models  # noqa: F401
import workorders.supervision.models  # noqa: F401
import workorders.surveys.models  # noqa: F401
import workorders.telephony.models  # noqa: F401
