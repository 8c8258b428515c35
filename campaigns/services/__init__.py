from campaigns.services.deciding import accept, decline, propose, withdraw_proposals
from campaigns.services.edit import create_scenario, set_enabled, tune_scenario, update_scenario
from campaigns.services.install import install_offers, install_scenarios
from campaigns.services.nightly import run_scenarios
from campaigns.services.offers import create_offer, switch_offer, update_offer
from campaigns.services.preview import DryRun, Preview, dry_run, preview
from campaigns.services.reacting import react_to_events
from campaigns.services.settle import settle_hits
from campaigns.services.settling import confirm, refuse

__all__ = [
    "DryRun",
    "Preview",
    "accept",
    "confirm",
    "create_offer",
    "create_scenario",
    "decline",
    "dry_run",
    "install_offers",
    "install_scenarios",
    "preview",
    "propose",
    "react_to_events",
    "refuse",
    "run_scenarios",
    "set_enabled",
    "settle_hits",
    "switch_offer",
    "tune_scenario",
    "update_offer",
    "update_scenario",
    "withdraw_proposals",
]
