from campaigns.services.edit import create_scenario, set_enabled, tune_scenario, update_scenario
from campaigns.services.install import install_scenarios
from campaigns.services.nightly import run_scenarios
from campaigns.services.preview import DryRun, Preview, dry_run, preview
from campaigns.services.settle import settle_hits

__all__ = [
    "DryRun",
    "Preview",
    "create_scenario",
    "dry_run",
    "install_scenarios",
    "preview",
    "run_scenarios",
    "set_enabled",
    "settle_hits",
    "tune_scenario",
    "update_scenario",
]
