"""A fitted model as bytes and back: a zip of CatBoost's own file and plain JSON. Nothing that runs code when read."""

import hashlib
import io
import json
import zipfile
from dataclasses import asdict

import numpy as np
from catboost import CatBoostError

from analytics.churn import forest
from analytics.churn.calibration import Calibration
from analytics.churn.features import Plan
from analytics.churn.model import ChurnModel
from retention.core.errors import Invalid

FORMAT = 1
TREES, BUNDLE = "trees.cbm", "bundle.json"


def pack(model: ChurnModel) -> bytes:
    bundle = {
        "format": FORMAT,
        "plan": model.plan.as_dict(),
        "calibration": asdict(model.calibration),
        "notes": model.notes,
        "details": model.details,
        "features": [feature.label for feature in model.plan.features],
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(TREES, forest.as_bytes(model.forest))
        file.writestr(BUNDLE, json.dumps(bundle))
    return buffer.getvalue()


def unpack(packed: bytes, checksum: str) -> ChurnModel:
    """Invalid when the bytes are not those that were kept, of another format, or grown on other features."""
    if hashlib.sha256(packed).hexdigest() != checksum:
        raise Invalid("The model's artefact is damaged: its checksum does not match.", code="damaged_artefact")
    try:
        model, features = _read(packed)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError, CatBoostError) as error:
        raise Invalid(f"The model's artefact is damaged: {type(error).__name__}.", code="damaged_artefact") from error
    own = [feature.label for feature in model.plan.features]
    if own != features or len(own) != len(model.forest.feature_names_):
        raise Invalid("The model's trees were grown on another list of features.", code="other_features")
    return model


def _read(packed: bytes) -> tuple[ChurnModel, list[str]]:
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        bundle = json.loads(file.read(BUNDLE))
        if bundle["format"] != FORMAT:
            raise Invalid(f"The model's artefact has format {bundle['format']}, not {FORMAT}.", code="other_format")
        trees = forest.from_bytes(file.read(TREES))
    plan, calibration = Plan.from_dict(bundle["plan"]), Calibration(**bundle["calibration"])
    return ChurnModel(plan, trees, calibration, bundle["notes"], bundle["details"]), bundle["features"]


def top_factors(model: ChurnModel, count: int = 20) -> list[dict]:
    """[{"factor", "weight"}]: mean absolute contribution over the leaves, weights summing to 1, heaviest first."""
    weights = np.zeros(model.tables.factors)
    for table in model.tables.tables:
        for factor, added in zip(table.factors, table.added, strict=True):
            weights[factor] += np.abs(added).mean()
    total = weights.sum() or 1.0
    order = np.argsort(-weights)[:count]
    return [{"factor": model.plan.factors[one], "weight": round(float(weights[one] / total), 4)} for one in order]
