"""`manage.py churn evaluate|train|contest|score|backtest`: the churn model from the command line."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analytics.churn.queries.files import Table, read_table
from analytics.churn.services import backtest, versions
from analytics.churn.services.evaluation import Task, evaluate
from analytics.churn.services.oracle import Oracle
from retention.core import clock
from retention.core.errors import DomainError
from retention.core.jobs.nights import one_night, require_over
from retention.core.jobs.services import as_counts


class Command(BaseCommand):
    help = "The churn model: judge the learner on any table, train on the database, score the base."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        add_evaluate(actions.add_parser("evaluate", help="Judge the learner on a CSV table."))
        add_dated(actions.add_parser("train", help="Train a challenger on what is known by a date."))
        add_dated(actions.add_parser("contest", help="Let all kinds of learner compete on past months."))
        add_dated(actions.add_parser("score", help="Score the base of a date with the champion."))
        add_backtest(actions.add_parser("backtest", help="Replay the last months as if live, against what followed."))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = ACTIONS[options["action"]](options)
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        if not options["json"] or options["action"] in TABLES:
            for line in TABLES.get(options["action"], _pairs)(report):
                self.stdout.write(line)
        if options["json"]:
            self.stdout.write(json.dumps(report, default=str))


def add_evaluate(parser: ArgumentParser) -> None:
    parser.add_argument("--csv", required=True, help="file with a header row")
    parser.add_argument("--target", required=True, help="column that says who left")
    parser.add_argument("--positive", required=True, help="its value for those who left")
    parser.add_argument(
        "--id", default="", help="column that names the row, not used; rows that share it stay together"
    )
    parser.add_argument("--group", default="", help="column whose rows stay together: never learnt from and judged")
    parser.add_argument("--ignore", default="", help="columns not used, separated by commas")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=1, help="draw the folds so often; figures are means")
    parser.add_argument("--split-column", default="", help="train where this column has --train-value, judge the rest")
    parser.add_argument("--train-value", default="")
    parser.add_argument("--prior", type=float, help="true rate of leaving, where the table's rows were picked")
    parser.add_argument("--cohort", default="", help="number column to report by, cut at --cohort-edges")
    parser.add_argument("--cohort-edges", default="6,12")
    add_json(parser)


def add_dated(parser: ArgumentParser) -> None:
    parser.add_argument("--as-of", type=_date, help="business date, YYYY-MM-DD; yesterday when not given")
    add_json(parser)


def add_backtest(parser: ArgumentParser) -> None:
    parser.add_argument("--months", type=int, default=6, help="how many month ends, back from the newest known")
    parser.add_argument(
        "--sample", type=int, default=0, help="rows learnt from at each; as many as training if not given"
    )
    parser.add_argument(
        "--truth",
        type=Path,
        help="folder of `simulate --truth`: adds what true chances reach, and who is taught by them",
    )
    add_dated(parser)


def add_json(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")


def run_evaluate(options: dict[str, Any]) -> dict[str, Any]:
    table = read_table(options["csv"])
    task = Task(
        target=options["target"],
        positive=options["positive"],
        id_column=options["id"],
        group=options["group"],
        ignore=_names(options["ignore"], table),
        folds=options["folds"],
        repeats=options["repeats"],
        split=(options["split_column"], options["train_value"]) if options["split_column"] else None,
        prior=options["prior"],
        cohort=(options["cohort"], _edges(options["cohort_edges"])) if options["cohort"] else None,
    )
    return evaluate(table, task)


def run_train(options: dict[str, Any]) -> dict[str, Any]:
    return versions.train(as_of=_as_of(options))


def run_contest(options: dict[str, Any]) -> dict[str, Any]:
    held = versions.hold_contest(as_of=_as_of(options))
    return {"chosen": held.chosen, "own": held.own, "means": held.means, "rows": held.rows}


def run_score(options: dict[str, Any]) -> dict[str, Any]:
    as_of = _as_of(options)
    with one_night():
        return as_counts(versions.score(as_of=as_of))


def run_backtest(options: dict[str, Any]) -> dict[str, Any]:
    as_of = _as_of(options)
    truth = Oracle(options["truth"]) if options["truth"] else None
    return backtest.backtest(backtest.Task(as_of, options["months"], options["sample"], truth))


def _pairs(report: dict[str, Any]) -> list[str]:
    return [f"{name}: {value}" for name, value in report.items()]


def _as_of(options: dict[str, Any]) -> date:
    as_of: date = options["as_of"] or clock.yesterday()
    require_over(as_of)
    return as_of


def _names(text: str, table: Table) -> list[str]:
    """Names separated by commas, or one that holds commas itself."""
    return [text] if text.strip() and text in table.written else [name for name in text.split(",") if name.strip()]


def _edges(text: str) -> tuple[float, ...]:
    try:
        edges = tuple(sorted(float(edge) for edge in text.split(",") if edge.strip()))
    except ValueError:
        edges = ()
    if not edges:
        raise CommandError(f"--cohort-edges must be numbers separated by commas, not {text!r}.")
    return edges


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is no date of the form YYYY-MM-DD.") from None


ACTIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "evaluate": run_evaluate,
    "train": run_train,
    "contest": run_contest,
    "score": run_score,
    "backtest": run_backtest,
}
# Reports that are read as a table, also where the last line is JSON.
TABLES: dict[str, Callable[[dict[str, Any]], list[str]]] = {"backtest": backtest.as_lines}
