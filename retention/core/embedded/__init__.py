"""The embedded servers: PostgreSQL and Valkey from PyPI wheels, for a machine that has neither.

`addresses(var_dir)` says where they listen (cheap: settings asks it), `servers` starts and stops them.
"""

from retention.core.embedded.address import Addresses, addresses
from retention.core.embedded.owner import EmbeddedError

__all__ = ["Addresses", "EmbeddedError", "addresses"]
