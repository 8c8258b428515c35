"""The score sheet and the rule that ship."""

from workorders.quality.defaults import RULES, SHEETS
from workorders.quality.models import SampleRule, ScoreSheet


def install_quality() -> int:
    """Those that have never been installed, in use; what people have made of them stays. How many are new."""
    known = set(ScoreSheet.objects.values_list("code", flat=True))
    sheets = [ScoreSheet(**row, built_in=True, enabled=True) for row in SHEETS if row["code"] not in known]
    made = len(ScoreSheet.objects.bulk_create(sheets, ignore_conflicts=True))
    by_code = {row.code: row for row in ScoreSheet.objects.all()}
    there = set(SampleRule.objects.values_list("code", flat=True))
    rules = [
        SampleRule(**row | {"sheet": by_code[row["sheet"]]}, built_in=True, enabled=True)
        for row in RULES
        if row["code"] not in there
    ]
    return made + len(SampleRule.objects.bulk_create(rules, ignore_conflicts=True))
