import hashlib
import io
import json
import zipfile

import numpy as np
import pytest

from analytics.churn.learners import artefact
from analytics.churn.learners.calibration import Cohorts
from analytics.churn.learners.fitting import fit
from analytics.churn.learners.settings import Settings
from retention.core.errors import Invalid
from tests.analytics.churn.tables import operator


@pytest.fixture(scope="module")
def kept():
    frame, label = operator(400)
    cohorts = Cohorts("tenure", (12.0, 24.0))
    model = fit(frame, label, settings=Settings(folds=3, depths=(3,), shares=3), cohorts=cohorts, own=[0, 1, 2])
    return model, frame, artefact.pack(model)


def checksum(packed: bytes) -> str:
    return hashlib.sha256(packed).hexdigest()


def test_a_model_read_back_says_the_same(kept):
    model, frame, packed = kept
    again = artefact.unpack(packed, checksum(packed))
    np.testing.assert_array_equal(again.probability(frame), model.probability(frame))
    first, second = model.explain(frame), again.explain(frame)
    np.testing.assert_allclose(first.contributions, second.contributions, atol=1e-12)
    np.testing.assert_allclose(first.base, second.base, atol=1e-12)


@pytest.mark.parametrize(
    "harm", [lambda kept: kept[:-100], lambda kept: kept[:500] + b"x" + kept[501:], lambda kept: b""]
)
def test_a_damaged_artefact_is_told_by_its_checksum(kept, harm):
    packed = kept[2]
    with pytest.raises(Invalid, match="damaged"):
        artefact.unpack(harm(packed), checksum(packed))


def test_bytes_that_are_no_model_are_told_even_when_the_checksum_fits():
    with pytest.raises(Invalid, match="damaged"):
        artefact.unpack(b"nonsense", checksum(b"nonsense"))


def test_trees_of_other_features_are_refused(kept):
    packed = rewritten(kept[2], lambda bundle: bundle["plan"]["columns"].pop(0))
    with pytest.raises(Invalid, match="another list of features"):
        artefact.unpack(packed, checksum(packed))


def test_another_format_is_refused(kept):
    packed = rewritten(kept[2], lambda bundle: bundle.update(format=99))
    with pytest.raises(Invalid, match="format 99"):
        artefact.unpack(packed, checksum(packed))


def test_a_table_without_the_models_columns_is_refused(kept):
    model, frame, _ = kept
    with pytest.raises(Invalid, match="tenure"):
        model.probability(frame.drop(columns="tenure"))


def rewritten(packed: bytes, change) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == artefact.BUNDLE:
                bundle = json.loads(content)
                change(bundle)
                content = json.dumps(bundle).encode()
            new.writestr(name, content)
    return buffer.getvalue()
