"""Loaded before the settings are read (`-p tests.environment`): tests see those of a local centre, in one process too.

Without it only the processes of xdist would, which are started with what tests/conftest.py sets for children.
"""

import os

os.environ["RETENTION_LOCAL"] = "1"
# Tests start some hundred processes: each would compile the whole product anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
