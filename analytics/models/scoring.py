"""How the base is scored by many workers at once."""

from django.db import models

from analytics.models.version import ModelVersion


class ScoringRun(models.Model):
    """One scoring of the base, shared by as many workers as there are. edges: lowest log-odds of deciles 9 to 1."""

    as_of = models.DateField()
    version = models.ForeignKey(ModelVersion, models.CASCADE, related_name="scoring_runs")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    edges = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["as_of", "-started_at"], name="scoring_run_of_date")]

    def __str__(self) -> str:
        return f"{self.as_of} {self.version}"


class ScoringChunk(models.Model):
    """A range of lines of a run, done twice: ranked (how probabilities lie), then scored with reasons and written.

    A worker holds the row's lock while it is at it; a worker that dies lets go. histogram: see scoring.ranking; sketch:
    see analytics.watch.sketch.
    """

    run = models.ForeignKey(ScoringRun, models.CASCADE, related_name="chunks")
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    ranked_at = models.DateTimeField(null=True)
    scored_at = models.DateTimeField(null=True)
    rows = models.IntegerField(default=0)
    written = models.IntegerField(default=0)
    histogram = models.JSONField(default=list)
    sketch = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "low"], name="scoring_chunk_once")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.low}-{self.high}"
