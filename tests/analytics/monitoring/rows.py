"""A champion with a reference, and nights drawn from one population or from a moved one."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.churn.learners import sketch
from analytics.churn.models import ModelVersion
from analytics.monitoring.models import AlarmKind
from retention.core.alerts.models import Alert
from retention.core.alerts.rules import Severity
from tests.factories import TODAY

ROWS = 2000
REFERENCE_DAY = TODAY - timedelta(days=20)  # 31 October
SPAN = {"trained_on": ["2026-08-31"], "judged_on": str(REFERENCE_DAY), "rows": 900, "leavers": 40, "judged_rows": 300}
ZONE = ZoneInfo("Asia/Shanghai")


def draw(seed: int, *, rows: int = ROWS, calls: float = 1.0, blank: float = 0.02) -> tuple[pd.DataFrame, np.ndarray]:
    """A night's lines. calls: what calls in are multiplied by; blank: share of lines without them."""
    random = np.random.default_rng(seed)
    calls_in = random.gamma(3, 20, rows) * calls
    calls_in[random.random(rows) < blank] = np.nan
    frame = pd.DataFrame(
        {
            "calls_in_recent": calls_in.astype(np.float32),
            "complaints_90d": random.poisson(0.2, rows).astype(np.float32),
            "pay_mode": random.choice(["prepaid", "postpaid"], rows),
        }
    )
    return frame, random.beta(1, 30, rows)


def make_version(*, as_of: date = REFERENCE_DAY, **given: object) -> ModelVersion:
    values = {
        "version": f"v{ModelVersion.objects.count() + 1}",
        "state": ModelVersion.State.CHAMPION,
        "created_at": datetime.combine(as_of, time(3), ZONE),
        "promoted_at": datetime.combine(as_of, time(4), ZONE),
        "metrics": {"auc": 0.8, "lift_at_10": 3.0, "ece": 0.002, "average_precision": 0.1},
        "curves": {"gain": [], "calibration": [], "lift": []},
        "span": SPAN,
        "reference": sketch.reference_of(*draw(1), as_of=as_of),
        "artefact": b"",
        "checksum": "",
    }
    return ModelVersion.objects.create(**values | given)


def moment(day: date) -> datetime:
    """When the alarms of a night are judged: the first moment of its date."""
    return datetime.combine(day, time(), ZONE)


def make_alarm(*, kind: str = "feature", closed_on: date | None = None, **given: object) -> Alert:
    values = {
        "subject": "calls_in_recent", "source": "v1", "opened_at": moment(TODAY - timedelta(days=8)),
        "seen_at": moment(TODAY), "value": 0.41, "peak": 0.5, "threshold": 0.25, "severity": Severity.MAJOR,
        "detail": {"psi": 0.41, "blank": 0.38, "blank_before": 0.02},
        "closed_at": moment(closed_on) if closed_on else None,
    }  # fmt: skip
    return Alert.objects.create(kind=AlarmKind(kind).alert_kind, **values | given)
