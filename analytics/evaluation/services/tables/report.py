"""What came of a table, as one JSON object and as lines for people."""

import time
from typing import Any

import numpy as np

from analytics.churn.queries.files import Table
from analytics.evaluation.rules.compared import Compared
from analytics.evaluation.rules.differences import LEVEL, Difference
from analytics.evaluation.services.tables.comparisons import Ratio, compare_all, sample_ratio
from analytics.evaluation.services.tables.preparation import Prepared, prepare
from analytics.evaluation.services.tables.ranking import rank
from analytics.evaluation.services.tables.task import Task
from analytics.evaluation.text.comparisons import format_comparison, format_ratio
from analytics.evaluation.uplift.contest import Refusal

DIGITS = 6


def evaluate(table: Table, task: Task) -> dict[str, Any]:
    """Arms, differences, sample ratio, power, ranking and verdict. Invalid, in a sentence, when it is no experiment."""
    begun = time.perf_counter()
    prepared = prepare(table, task)
    ratio = sample_ratio(prepared)
    compared = compare_all(prepared, ratio)
    ranking, notes = rank(prepared)
    words = [format_comparison(one, prepared.task.outcome, prepared.outcome.is_rate) for one in compared]
    verdict = [*([] if ratio.holds else [format_ratio(ratio.p)]), *prepared.doubts, *words]
    return {
        "rows": prepared.rows,
        "used_rows": len(prepared.code),
        "treatment": prepared.task.treatment,
        "outcome": prepared.task.outcome,
        "kind": "rate" if prepared.outcome.is_rate else "mean",
        "positive": prepared.outcome.positive or None,
        "control": prepared.arms[0],
        "level": LEVEL,
        "arms": [_arm(prepared, number) for number in range(len(prepared.arms))],
        "sample_ratio": _ratio(prepared, ratio),
        "comparisons": [_comparison(one, prepared, text) for one, text in zip(compared, words, strict=True)],
        "covariates": prepared.covariates.names,
        "qini": ranking,
        "verdict": " ".join(verdict),
        "notes": [*prepared.notes, *_ratio_notes(prepared, ratio), *notes],
        "seconds": round(time.perf_counter() - begun, 3),
    }


def _arm(prepared: Prepared, number: int) -> dict[str, Any]:
    values = prepared.values[prepared.code == number]
    mean = float(values.mean()) if len(values) else None
    found: dict[str, Any] = {
        "arm": prepared.arms[number],
        "role": "treated" if number else "control",
        "n": len(values),
        "without_outcome": prepared.lost[number],
        "rate": _round(mean) if prepared.outcome.is_rate else None,
    }
    if prepared.outcome.is_rate:
        return found | {"events": int(values.sum())}
    return found | {"mean": _round(mean), "deviation": _round(float(values.std(ddof=1))) if len(values) > 1 else None}


def _ratio(prepared: Prepared, ratio: Ratio) -> dict[str, Any]:
    members = np.bincount(prepared.code, minlength=len(prepared.arms)) + np.asarray(prepared.lost)
    return {
        "members": dict(zip(prepared.arms, members.tolist(), strict=True)),
        "expected": {name: _round(share) for name, share in zip(prepared.arms, ratio.expected, strict=True)},
        "p": _figures(ratio.p),
        "ok": ratio.holds,
    }


def _ratio_notes(prepared: Prepared, ratio: Ratio) -> list[str]:
    if ratio.meant:
        return [
            f"The arms are not equal; their sizes fit a control of {100 * ratio.expected[0]:.0f} %. If another share"
            " was drawn, give it as --control-share."
        ]
    if not ratio.holds and prepared.task.control_share is None:
        return ["The arms were checked against equal sizes. If another share was drawn, give it as --control-share."]
    return []


def _comparison(one: Compared, prepared: Prepared, words: str) -> dict[str, Any]:
    plain = one.plain
    found: dict[str, Any] = {"arm": one.name, "control": prepared.arms[0], **_difference(plain)}
    base = float(prepared.values[prepared.code == 0].mean()) if (prepared.code == 0).any() else 0.0
    return found | {
        "p_adjusted": _figures(one.p_adjusted),
        "relative": _round(plain.value / base) if plain and base else None,
        "always_valid": None if one.always is None else [_round(bound) for bound in one.always],
        "cuped": _cuped(one, prepared),
        "smallest_visible": _round(one.smallest),
        "more_needed": one.judged.more,
        "verdict": one.verdict.value,
        "words": words,
    }


def _cuped(one: Compared, prepared: Prepared) -> dict[str, Any] | None:
    """None without covariates that were named."""
    if one.reduction is None:
        return None
    found = {"used": one.adjusted is not None, "variance_reduction": _round(one.reduction)}
    if one.adjusted is None:
        return found
    return found | _difference(one.adjusted) | {"covariates": prepared.covariates.names}


def _difference(found: Difference | None) -> dict[str, Any]:
    if found is None:
        return dict.fromkeys(("difference", "low", "high", "p"))
    return {
        "difference": _round(found.value), "low": _round(found.low), "high": _round(found.high),
        "p": _figures(found.p),
    }  # fmt: skip


def _round(value: float | None) -> float | None:
    return None if value is None or value != value else round(float(value), DIGITS)


def _figures(p: float | None) -> float | None:
    return None if p is None else float(f"{p:.{DIGITS}g}")


def as_lines(report: dict[str, Any]) -> list[str]:
    """The report for people: arms, comparisons, ranking, verdict, notes."""
    is_rate = report["kind"] == "rate"
    counted = f"{report['outcome']} = {report['positive']}" if is_rate else f"mean of {report['outcome']}"
    lines = [f"{report['used_rows']:,} of {report['rows']:,} rows; {counted}; control: {report['control']}", ""]
    lines.append(f"{'arm':<24} {'rows':>9} {'share' if is_rate else 'mean':>10}")
    for arm in report["arms"]:
        value = arm["rate"] if is_rate else arm["mean"]
        shown = "-" if value is None else f"{100 * value:.2f} %" if is_rate else f"{value:,.4g}"
        lines.append(f"{arm['arm'][:24]:<24} {arm['n']:>9,} {shown:>10}")
    ratio = report["sample_ratio"]
    p = "not known" if ratio["p"] is None else f"{ratio['p']:.4f}"
    lines += ["", f"sample ratio: p {p}, {'as drawn' if ratio['ok'] else 'NOT as drawn'}", ""]
    lines.append(report["verdict"])
    if report["qini"]:
        lines += ["", *_ranking_lines(report["qini"])]
    return [*lines, *([""] if report["notes"] else []), *[f"note: {note}" for note in report["notes"]]]


def _ranking_lines(ranking: dict[str, Any]) -> list[str]:
    return [
        f"ranking by uplift, {name}: Qini {one['uplift']:.5f}, response model {one['response']:.5f}, better in"
        f" {one['wins']} of {one['of']} half splits: {_use(one)}"
        for name, one in ranking["by_arm"].items()
    ]


def _use(one: dict[str, Any]) -> str:
    why = {
        Refusal.RANKS_NO_BETTER: "",
        Refusal.CHANCE: f", chance alone brings such an advantage (p {one['advantage_p']:.2g})",
        Refusal.POLICY_WORTH_LESS: f", treating the best {one['policy']['treated_share']:.0%} by it is worth less",
    }
    return "not used" + why[one["refused_for"]] if one["refused_for"] else "used"
