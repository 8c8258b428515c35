"""The borders of the tenure cohorts (`choices.COHORT_DAYS`) as SQL, in months, and for a number of days."""

from customers.fields.choices import COHORT_DAYS, TenureCohort

DAYS_A_MONTH = 30.4375
COHORTS: tuple[str, ...] = tuple(TenureCohort.values)
# Months from one border to the next, of the cohorts that have an end.
COHORT_MONTHS = {
    cohort.value: round((end - start) / DAYS_A_MONTH) for cohort, (start, end) in list(COHORT_DAYS.items())[:-1]
}
# Where tenure in months is cut so that each day falls into the cohort that the profile gives it: between two days.
COHORT_EDGES_IN_MONTHS = tuple((start - 0.5) / DAYS_A_MONTH for start, _end in list(COHORT_DAYS.values())[1:])


def cohort_of_days(days: int) -> TenureCohort:
    """The cohort of a line that joined so many days ago."""
    return next(cohort for cohort, (start, _end) in reversed(COHORT_DAYS.items()) if days >= start)


def cohort_sql(days: str) -> str:
    """A CASE that gives the cohort's code; days: SQL of the whole days since joining."""
    *bounded, last = COHORT_DAYS.items()
    whens = " ".join(f"WHEN {days} < {end} THEN '{cohort.value}'" for cohort, (_start, end) in bounded)
    return f"CASE {whens} ELSE '{last[0].value}' END"
