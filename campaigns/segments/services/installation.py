"""Writes the matrices that ship and are missing."""

from django.db import transaction

from campaigns.scenarios.models import Scenario
from campaigns.segments.defaults import SEGMENTATIONS
from campaigns.segments.models import Segmentation


@transaction.atomic
def install_segmentations() -> int:
    """The shipped matrices, switched on; those that are there stay as managers left them. Returns how many are new.

    An action whose scenario does not ship any more is left out.
    """
    known = set(Scenario.objects.values_list("code", flat=True))
    new = 0
    for row in SEGMENTATIONS:
        if Segmentation.objects.filter(code=row["code"]).exists():
            continue
        actions = {cell: code for cell, code in row["actions"].items() if code in known}
        taken = Segmentation.objects.filter(line_type=row["line_type"], branch=None, enabled=True).exists()
        made = Segmentation(**row | {"actions": actions}, built_in=True, enabled=not taken)
        made.normalize()
        made.save(force_insert=True)
        new += 1
    return new
