"""The running centre of a drill's operator, and a billing system that calls it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.site import Site
from bench.site import open_site as open_any
from docs.examples.billing_client import Billing
from tests.drills.rig import Operator, last_json


@contextmanager
def open_site(operator: Operator, *, workers: bool = True, **settings: str) -> Iterator[Site]:
    """settings: environment of web and workers, e.g. BATCH_ROWS_WAITING."""
    with open_any(operator.environment | settings, operator.place.var_dir, workers=workers) as site:
        yield site


def billing_of(operator: Operator, site: Site, *scopes: str) -> Billing:
    """A client that no rate limit holds up."""
    name = f"drill {time.monotonic()}"
    made = last_json(operator.run("create_api_client", name, "--scopes", ",".join(scopes), "--json").stdout)
    operator.ask("UPDATE core_apiclient SET rate_per_second = 100000, burst = 100000")
    return Billing(site.base, key=made["key"], patience=60)
