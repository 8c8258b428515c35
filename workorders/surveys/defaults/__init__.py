"""The questionnaires that ship. Data only; services.installation writes them."""

from workorders.surveys.defaults.complaints import COMPLAINT_FOLLOW_UP
from workorders.surveys.defaults.retention import CHURN_REASONS, WIN_BACK
from workorders.surveys.defaults.satisfaction import VALUE_VISIT
from workorders.surveys.defaults.visit import NEW_SUBSCRIBER_VISIT

QUESTIONNAIRES = [NEW_SUBSCRIBER_VISIT, VALUE_VISIT, CHURN_REASONS, COMPLAINT_FOLLOW_UP, WIN_BACK]
