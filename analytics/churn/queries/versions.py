"""The kept versions as models that score, and the runs in which they scored.

Unpacking a model costs a second, so each process keeps the last few.
"""

from datetime import date
from functools import lru_cache

from analytics.churn.learners import artefact
from analytics.churn.learners.model import ChurnModel
from analytics.churn.models import ModelVersion
from analytics.declarations import SCORING
from retention.core.jobs.models import ChunkedRun


def load_model(version: ModelVersion) -> ChurnModel:
    """Invalid when its artefact is damaged or was grown on another list of features."""
    return _unpacked(version.pk, version.checksum)


@lru_cache(maxsize=3)
def _unpacked(pk: int, checksum: str) -> ChurnModel:
    packed = ModelVersion.objects.values_list("artefact", flat=True).get(pk=pk)
    return artefact.unpack(bytes(packed), checksum)


def newest_scoring(*, as_of: date | None = None) -> ChunkedRun | None:
    """The scoring of the base that ended last, of a date or of any; its key is the version that scored."""
    return ChunkedRun.objects.newest_finished(kind=SCORING, as_of=as_of)
