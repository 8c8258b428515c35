"""The whole night from nothing, beside the least that has to be done: rows out, summed, predicted, and in again."""

import time
from datetime import date

import pyarrow as pa
from django.db import connection

from analytics.churn.learners import artefact
from analytics.churn.models import ModelVersion
from analytics.churn.queries import dataset
from bench.measure import beside, seconds
from bench.night import forget_nights, last_day
from customers.facts.models import UsageDay, UsageMonth
from retention import pipeline
from retention.core.db.copy import copy_in, copy_out
from retention.core.db.temporary_tables import SESSION, TemporaryTable
from retention.core.jobs.queries import step_report
from retention.core.jobs.services import get_job

AT_MOST = 4
PREDICTED = TemporaryTable("predicted", {"subscriber_id": "bigint", "probability": "float8"}, on_commit=SESSION)


def run(subscribers: int) -> dict:
    forget_nights()
    as_of = last_day()
    report = step_report(pipeline.run_nightly(as_of=as_of))
    again = seconds(lambda: pipeline.run_nightly(as_of=as_of))
    steps = {step["step"]: step for step in report["steps"]}
    # Training is once a month or by hand; every other night goes without.
    usual = report["seconds"] - steps["model"]["seconds"]
    floor = _floor(as_of)
    return beside(
        figure=usual, floor=floor, unit="s", floor_is="COPY out, columnar sums, predict, COPY in",
        goal=f"<= {AT_MOST} x the floor", reached=usual <= AT_MOST * floor,
        with_training=report["seconds"], second_run=round(again, 3), state=report["state"],
        attempts=get_job(kind=pipeline.KIND, business_date=as_of).attempts,
        steps=[{key: step[key] for key in ("step", "rows", "seconds", "rows_per_second")} for step in report["steps"]],
    )  # fmt: skip


def _floor(as_of: date) -> float:
    champion = ModelVersion.objects.champion()
    if champion is None:
        raise SystemExit("The base is too small to learn from: give more --subscribers.")
    model = artefact.unpack(bytes(champion.artefact), champion.checksum)
    begun = time.perf_counter()
    for table in (UsageMonth._meta.db_table, UsageDay._meta.db_table):
        rows = copy_out(f"SELECT * FROM {table}")
        measures = [name for name in ("voice_out_s", "calls_out", "calls_in", "sms_out", "data_mb", "roaming_s")]
        rows.group_by("subscriber_id").aggregate([(name, how) for name in measures for how in ("sum", "mean", "max")])
    for frame in dataset.to_score(as_of=as_of):
        said = model.probability(frame)
        with connection.cursor() as cursor:
            PREDICTED.create(cursor)
            copy_in(cursor, PREDICTED.name, pa.table({"subscriber_id": frame["subscriber_id"], "probability": said}))
    return time.perf_counter() - begun
