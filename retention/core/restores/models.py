from django.db import models


class KnownCluster(models.Model):
    """The database server on which sending is allowed. One row, written by the migration; none holds sending.

    identity: system identifier and timeline (`queries.CURRENT`). PostgreSQL ends every recovery from an archive, and
    every promotion of a standby, on a new timeline; another cluster has another identifier.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    identity = models.CharField(max_length=40)
    known_since = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="known_cluster_single")]

    def __str__(self) -> str:
        return self.identity
