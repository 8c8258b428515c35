"""The benchmarks behind `manage.py bench`: one module each, `run(subscribers) -> dict`.

Every figure stands beside a floor: the same rows through plain tools (raw COPY, plain SQL, CatBoost's own TreeSHAP),
measured in the same run on the same machine. Times depend on the machine; ratios much less. What `run` gives back:
{"figure", "unit", "floor", "floor_is", "ratio", "goal", "reached", ...what else it saw}. `ratio` is figure / floor.
All of them work on the database that `bench.database.own_database` has made, never on the operator's.
"""

from collections.abc import Callable

from bench import (
    backtest,
    campaigns,
    circles,
    claims,
    clocks,
    effects,
    ingest,
    knowledge,
    messages,
    nightly,
    pages,
    plan_fit,
    planner,
    reasons,
    rules,
    scenarios,
    segments,
    uplift,
)

BENCHMARKS: dict[str, Callable[[int], dict]] = {
    "ingest": ingest.run,
    "nightly": nightly.run,
    "reasons": reasons.run,
    "rules": rules.run,
    "scenarios": scenarios.run,
    "segments": segments.run,
    "backtest": backtest.run,
    "campaigns": campaigns.run,
    "claims": claims.run,
    "knowledge": knowledge.run,
    "clocks": clocks.run,
    "messages": messages.run,
    "pages": pages.run,
    "plan_fit": plan_fit.run,
    "planner": planner.run,
    "circles": circles.run,
    "effects": effects.run,
    "uplift": uplift.run,
}
