"""Making, changing, copying and switching matrices."""

from campaigns.segments.views.base import SegmentationPages
from retention.core.managed.views.editing import ManagedCopy, ManagedCreate, ManagedSwitch, ManagedUpdate


class NewSegmentation(SegmentationPages, ManagedCreate):
    pass


class EditSegmentation(SegmentationPages, ManagedUpdate):
    pass


class CopySegmentation(SegmentationPages, ManagedCopy):
    pass


class SwitchSegmentation(SegmentationPages, ManagedSwitch):
    pass
