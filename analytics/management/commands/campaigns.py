"""`manage.py campaigns evaluate`: the effect of a treatment on any randomised table."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analytics.churn.queries.files import Table, read_table
from analytics.evaluation.services.tables import Task, evaluate
from analytics.evaluation.services.tables.report import as_lines
from retention.core.errors import DomainError


class Command(BaseCommand):
    help = "Campaigns: what a treatment changed, on any table of a randomised experiment."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        add_evaluate(actions.add_parser("evaluate", help="Compare the arms of a CSV table."))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = run_evaluate(options)
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        if options["json"]:
            self.stdout.write(json.dumps(report, default=str, ensure_ascii=False))
            return
        for line in as_lines(report):
            self.stdout.write(line)


def add_evaluate(parser: ArgumentParser) -> None:
    parser.add_argument("--csv", required=True, help="file with a header row")
    parser.add_argument("--treatment", required=True, help="column that says which arm a row was drawn for")
    parser.add_argument("--outcome", required=True, help="column that says what came of it")
    parser.add_argument("--control", default="", help="value of the treatment column for those left alone")
    parser.add_argument("--positive", default="", help="value of the outcome that is counted")
    parser.add_argument(
        "--covariates", default="", help="columns known before the treatment, separated by commas: less variance"
    )
    parser.add_argument("--control-share", type=float, help="share of the rows that was drawn as control, 0 to 1")
    parser.add_argument("--fewer-is-better", action="store_true", help="the outcome is to be avoided, as leaving is")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")


def run_evaluate(options: dict[str, Any]) -> dict[str, Any]:
    table = read_table(options["csv"])
    task = Task(
        treatment=options["treatment"],
        outcome=options["outcome"],
        control=options["control"],
        positive=options["positive"],
        covariates=_names(options["covariates"], table),
        control_share=options["control_share"],
        fewer_is_better=options["fewer_is_better"],
    )
    return evaluate(table, task)


def _names(text: str, table: Table) -> list[str]:
    """Names separated by commas, or one that holds commas itself."""
    return [text] if text.strip() and text in table.written else [name for name in text.split(",") if name.strip()]
