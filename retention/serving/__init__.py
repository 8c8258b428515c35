"""Gunicorn's settings: gunicorn -c python:retention.serving retention.asgi:application

Requests are read and answers are written in an event loop; a thread works only on a whole request and never waits for a
client (docs/decisions/0009-slow-clients.md).
"""

import os
import shutil
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess

from retention import env

bind = env.text("BIND", "127.0.0.1:8000")
worker_class = "retention.serving.worker.Worker"
workers = env.number("WEB_WORKERS", 2)
# Open connections of a process; one more closes the oldest of those who have sent least.
worker_connections = env.number("WEB_CONNECTIONS", 1000)
timeout = 120
graceful_timeout = 15
keepalive = 5
max_requests, max_requests_jitter = 5000, 500
preload_app = True
asgi_loop, asgi_lifespan = "asyncio", "off"
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  (heartbeats must not wait for a disk)
# Addresses of pages may hold what was searched for; errors go to Django's structured log.
accesslog = None
errorlog = "-"
loglevel = "warning"

# The workers' figures meet in this folder; what an earlier run left would be counted again.
metrics = env.text("PROMETHEUS_MULTIPROC_DIR")
if metrics:
    shutil.rmtree(metrics, ignore_errors=True)
    Path(metrics).mkdir(parents=True)


def worker_exit(server: object, worker: Any) -> None:
    """End at once: to take a process of this size apart takes seconds, and its successor starts only afterwards."""
    if worker.booted:
        os._exit(0)


def child_exit(server: object, worker: object) -> None:
    if metrics:
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[attr-defined]
