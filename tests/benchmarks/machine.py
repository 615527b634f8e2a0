"""What the figures were measured on."""

import hashlib
import os
import platform
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from pipeline.progress import say
from pipeline.settings import ROOT
from tests.benchmarks.peak import CORES
from tests.benchmarks.workbench import Json

SOURCES = {".csv", ".py", ".sql", ".yml"}
PACKAGES = ("dbt-core", "duckdb", "pandas", "scikit-learn", "optbinning")


def machine(packages: Sequence[str] = PACKAGES) -> Json:
    """Processor, cores used, memory, and versions of packages."""
    return {
        "processor": _processor(),
        "cores": min(CORES, os.cpu_count() or 1),
        "memory_gb": round(
            os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
        ),
        "system": f"{platform.system()} {platform.machine()}",
        "versions": {
            "Python": platform.python_version(),
            **{name: version(name) for name in packages},
        },
    }


def code_hash(*folders: str) -> str:
    """12 hex digits of the SHA-256 of all sources in folders of the project."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in SOURCES:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def warn_if_busy() -> None:
    """Say that the figures will not be those of a quiet machine."""
    load = os.getloadavg()[0]
    if load > 0.5:
        say(f"something else uses this machine (load {load:.1f}): do not publish")


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    text = cpuinfo.read_text(encoding="utf-8") if cpuinfo.exists() else ""
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.M)
    return model[1].strip() if model else platform.processor() or "unknown"
