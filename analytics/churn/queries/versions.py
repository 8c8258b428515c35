"""The kept versions as models that score, and the runs in which they scored.

Unpacking a model costs a second, so each process keeps the last few.
"""

from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _

from analytics.churn.learners import artefact
from analytics.churn.learners.model import ChurnModel
from analytics.churn.models import ModelVersion
from analytics.churn.queries.dataset import SCORED_WITH, feature_columns
from analytics.declarations import SCORING
from retention.core.errors import Invalid
from retention.core.jobs.models import ChunkedRun


def load_model(version: ModelVersion) -> ChurnModel:
    """Invalid when its artefact is damaged or was grown on another list of features."""
    return _unpacked(version.pk, version.checksum)


def why_unusable(version: ModelVersion) -> str:
    """Why the version cannot score the profiles of now, as a sentence; "" when it can.

    An upgrade or a withdrawn field may have changed the format of artefacts or the columns of the profile.
    """
    try:
        model = load_model(version)
    except Invalid as error:
        return str(error.message)
    missing = sorted(set(model.reads) - {*feature_columns(), *SCORED_WITH})
    return _("The profile has no %(names)s any more.") % {"names": ", ".join(missing)} if missing else ""


@lru_cache(maxsize=3)
def _unpacked(pk: int, checksum: str) -> ChurnModel:
    packed = ModelVersion.objects.values_list("artefact", flat=True).get(pk=pk)
    return artefact.unpack(bytes(packed), checksum)


def newest_scoring(*, as_of: date | None = None) -> ChunkedRun | None:
    """The scoring of the base that ended last, of a date or of any; its key is the version that scored."""
    return ChunkedRun.objects.newest_finished(kind=SCORING, as_of=as_of)
