"""The kept versions as models that score; unpacking costs a second, so each process keeps the last few."""

from functools import lru_cache

from analytics.churn.learners import artefact
from analytics.churn.learners.model import ChurnModel
from analytics.churn.models import ModelVersion


def load_model(version: ModelVersion) -> ChurnModel:
    """Invalid when its artefact is damaged or was grown on another list of features."""
    return _unpacked(version.pk, version.checksum)


@lru_cache(maxsize=3)
def _unpacked(pk: int, checksum: str) -> ChurnModel:
    packed = ModelVersion.objects.values_list("artefact", flat=True).get(pk=pk)
    return artefact.unpack(bytes(packed), checksum)
