"""Writers of the profile: the nightly build, month-end snapshots, usage days rolled up to months."""

from customers.profile.services.build import build_profile
from customers.profile.services.snapshots import build_snapshot, make_up_snapshots, take_snapshot

__all__ = ["build_profile", "build_snapshot", "make_up_snapshots", "take_snapshot"]
