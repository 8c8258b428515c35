"""A fitted model as bytes and back: a zip of CatBoost's own file and plain JSON. Reading it runs no code."""

import hashlib
import io
import json
import zipfile
from dataclasses import asdict
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from analytics.churn.learners import forest
from analytics.churn.learners.calibration import Calibration, Cohorts
from analytics.churn.learners.features import Plan
from analytics.churn.learners.forest import Trees
from analytics.churn.learners.linear import Linear
from analytics.churn.learners.model import ChurnModel, Mixture, Part
from analytics.churn.learners.shallow import Shallow
from retention.core.errors import Invalid

FORMAT = 2
# Format 1: trees alone in this file, calibrated once for all.
FIRST_FORMAT, FIRST_TREES = 1, "trees.cbm"
BUNDLE = "bundle.json"


def pack(model: ChurnModel) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        bundle = {
            "format": FORMAT,
            "plan": model.plan.as_dict(),
            "features": [feature.label for feature in model.plan.features],
            "cohorts": model.cohorts.as_dict() if model.cohorts else None,
            "general": _pack_mixture(model.general, "general", file),
            "own": {str(number): _pack_mixture(one, f"own-{number}", file) for number, one in model.own.items()},
            "notes": model.notes,
            "details": model.details,
        }
        file.writestr(BUNDLE, json.dumps(bundle))
    return buffer.getvalue()


def _pack_mixture(mixture: Mixture, name: str, file: zipfile.ZipFile) -> dict[str, Any]:
    """The JSON description of a mixture; its trees go into separate files."""
    parts: list[dict[str, Any]] = []
    for number, (part, weight) in enumerate(zip(mixture.parts, mixture.weights, strict=True)):
        if isinstance(part, Trees):
            parts.append({"weight": weight, "trees": f"{name}-{number}.cbm"})
            file.writestr(parts[-1]["trees"], forest.as_bytes(part.forest))
        elif isinstance(part, Shallow):
            parts.append({"weight": weight, "shallow": f"{name}-{number}.npz"})
            file.writestr(parts[-1]["shallow"], part.as_bytes())
        elif isinstance(part, Linear):
            parts.append({"weight": weight, "line": part.as_dict()})
    return {"parts": parts, "calibration": asdict(mixture.calibration)}


def unpack(packed: bytes, checksum: str) -> ChurnModel:
    """Reads this format and those before it. Invalid when the bytes are damaged, of a later format, or of other
    features."""
    from catboost import CatBoostError

    if hashlib.sha256(packed).hexdigest() != checksum:
        raise Invalid(_("The model's artefact is damaged: its checksum does not match."), code="damaged_artefact")
    try:
        return _read(packed)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError, CatBoostError) as error:
        text = _("The model's artefact is damaged: %(error)s.") % {"error": type(error).__name__}
        raise Invalid(text, code="damaged_artefact") from error


def _read(packed: bytes) -> ChurnModel:
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        bundle = json.loads(file.read(BUNDLE))
        if bundle["format"] == FIRST_FORMAT:
            bundle = _of_first_format(bundle)
        if bundle["format"] != FORMAT:
            text = _("The model's artefact has format %(found)s, not %(wanted)s.")
            raise Invalid(text % {"found": bundle["format"], "wanted": FORMAT}, code="other_format")
        plan = Plan.from_dict(bundle["plan"])
        if [feature.label for feature in plan.features] != bundle["features"]:
            raise Invalid(_("The model was grown on another list of features."), code="other_features")
        return ChurnModel(
            plan,
            _read_mixture(bundle["general"], plan, file),
            Cohorts.from_dict(bundle["cohorts"]) if bundle["cohorts"] else None,
            {int(number): _read_mixture(one, plan, file) for number, one in bundle["own"].items()},
            bundle["notes"],
            bundle["details"],
        )


def _of_first_format(bundle: dict[str, Any]) -> dict[str, Any]:
    general = {"parts": [{"weight": 1.0, "trees": FIRST_TREES}], "calibration": bundle["calibration"]}
    return bundle | {"format": FORMAT, "general": general, "cohorts": None, "own": {}}


def _read_mixture(kept: dict[str, Any], plan: Plan, file: zipfile.ZipFile) -> Mixture:
    shares = plan.factor_shares()
    parts = [_read_part(one, shares, file) for one in kept["parts"]]
    weights = tuple(float(one["weight"]) for one in kept["parts"])
    return Mixture(tuple(parts), weights, Calibration(**kept["calibration"]))


def _read_part(kept: dict[str, Any], shares: np.ndarray, file: zipfile.ZipFile) -> Part:
    if "line" in kept:
        return Linear.from_dict(kept["line"], shares)
    if "shallow" in kept:
        return Shallow.from_bytes(file.read(kept["shallow"]), shares)
    trees = Trees(forest.from_bytes(file.read(kept["trees"])), shares)
    if len(trees.forest.feature_names_) != len(shares):
        raise Invalid(_("The model's trees were grown on another list of features."), code="other_features")
    return trees
