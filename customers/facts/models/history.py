"""Values of facts that the billing system has replaced since, for profiles of past dates."""

from django.db import models

# Before the first night nothing has been built on the facts: corrections of the first loads leave no trace.
ANY_PROFILE_SQL = "(EXISTS (SELECT FROM customers_subscriberprofile) OR EXISTS (SELECT FROM customers_profilesnapshot))"


class PastValue(models.Model):
    """One column of one row of `table` was `was` (JSON) until that instant. Written by the ingest as it updates rows,
    from the first night on; read by customers.profile.queries.point_in_time."""

    table = models.CharField(max_length=63)
    row = models.BigIntegerField()
    column = models.CharField(max_length=63)
    was = models.JSONField(null=True)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="past_value_until")]

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.column}"
