"""The embedded PostgreSQL's settings, fitted to this machine's memory and cores."""

import os
import shutil
from pathlib import Path

MEGABYTE = 1 << 20


def configuration(socket_dir: Path, *, durable: bool = True) -> str:
    """The text of postgresql.conf. `durable=False` (tests) gives up safety against power cuts, not against kills."""
    memory = _memory()
    cores = os.cpu_count() or 2
    values: dict[str, object] = {
        "listen_addresses": "",
        "unix_socket_directories": socket_dir,
        "unix_socket_permissions": "0700",
        "max_connections": 200,
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        # A twelfth of the memory: workers, the model and the page cache need the rest.
        "shared_buffers": f"{_between(128, memory // 12 // MEGABYTE, 2048) if durable else 256}MB",
        "effective_cache_size": f"{memory // 2 // MEGABYTE}MB",
        "work_mem": "64MB",
        "maintenance_work_mem": f"{_between(64, memory // 40 // MEGABYTE, 512)}MB",
        "random_page_cost": 1.1,
        "client_connection_check_interval": "10s",  # a killed process frees its locks even in a long statement
        "jit": "off",  # compiling costs more than the nightly statements gain, and hits small pages at random
        "max_parallel_workers": max(2, cores),
        "max_parallel_workers_per_gather": 2,
        "max_parallel_maintenance_workers": 2,
        "max_wal_size": "8GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "pglz",
        "max_locks_per_transaction": 256,  # monthly partitions: one statement may touch a hundred tables
        "autovacuum": "on",
    }
    if not durable:
        values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "1GB"}
    if shutil.disk_usage("/dev/shm").total < 1024 * MEGABYTE:  # noqa: S108  (a container's 64 MB break parallel plans)
        values["dynamic_shared_memory_type"] = "sysv"
    lines = [f"{name} = '{value}'" for name, value in values.items()]
    return "\n".join(["# Written by retention.local.servers at each start; changes here are lost.", *lines, ""])


def _memory() -> int:
    """Bytes that this machine or container may use."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.exists() and (text := limit.read_text().strip()).isdigit():
        memory = min(memory, int(text))
    return memory


def _between(low: int, value: int, high: int) -> int:
    return max(low, min(value, high))
