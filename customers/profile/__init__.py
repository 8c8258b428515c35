from customers.profile.build import build_profile
from customers.profile.snapshot import build_snapshot, take_snapshot

__all__ = ["build_profile", "build_snapshot", "take_snapshot"]
