"""What a job has done, step by step."""

from django.db.models import F

from retention.core.jobs.models import Job


def step_report(job: Job) -> dict:
    """The steps of a job as a table: rows, seconds and rows a second of each, and the job's counts."""
    steps = [
        {
            "step": step.name,
            "rows": step.rows,
            "seconds": round(step.seconds, 2),
            "rows_per_second": round(step.rows / step.seconds) if step.seconds else 0,
            "counts": step.counts,
        }
        for step in job.steps.order_by(F("position"))
    ]
    return {
        "as_of": str(job.business_date),
        "state": job.state,
        **job.counts,
        "seconds": round(sum(step["seconds"] for step in steps), 2),
        "steps": steps,
    }
