"""Whether a build would only repeat the last run's.

dbt takes seconds to start and rebuilds every table. A run whose input files, SQL,
vars and library versions are those of the last finished one, and whose warehouse
nobody has written to since, need not call it.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from pipeline.settings import Settings
from pipeline.sources import find_transactions

BUILDERS = ("dbt-core", "dbt-duckdb", "duckdb")
PROJECT_FILES = (".sql", ".csv", ".yml", ".md")
# What dbt itself writes there when it is called by hand.
WRITTEN_BY_DBT = ("target", "logs")


@dataclass(frozen=True, kw_only=True)
class Built:
    """What a finished run built from, and the warehouse it left.

    Attributes
    ----------
    sources
        SHA-256 over everything a build reads.
    warehouse
        Size in bytes and modification time in ns of the warehouse file.
    champion
        Model version whose scores the warehouse holds.
    """

    sources: str
    warehouse: tuple[int, int]
    champion: str


def sources_fingerprint(settings: Settings) -> str:
    """SHA-256 over input files (path, size, time), SQL, vars and versions."""
    digest = hashlib.sha256()
    facts = {
        "inputs": [_stat(path) for path in _inputs(settings)],
        "vars": dict(settings.dbt_vars),
        "versions": {name: version(name) for name in BUILDERS},
    }
    digest.update(json.dumps(facts, sort_keys=True, default=str).encode())
    for path in _project_files(settings):
        digest.update(str(path).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def read_built(settings: Settings) -> Built | None:
    """Read what the last finished run left; None if there is none to trust."""
    try:
        record = json.loads(_record(settings).read_text(encoding="utf-8"))
        built = Built(**{**record, "warehouse": tuple(record["warehouse"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return built if built.warehouse == warehouse_state(settings) else None


def write_built(settings: Settings, *, sources: str, champion: str) -> None:
    """Remember a finished run; the warehouse is closed by now."""
    state = warehouse_state(settings)
    if state is None:
        return
    built = Built(sources=sources, warehouse=state, champion=champion)
    _record(settings).write_text(json.dumps(asdict(built)) + "\n", encoding="utf-8")


def warehouse_state(settings: Settings) -> tuple[int, int] | None:
    """Size and modification time of the warehouse, None where it is absent."""
    if not settings.warehouse.exists():
        return None
    status = settings.warehouse.stat()
    return status.st_size, status.st_mtime_ns


def has_card(settings: Settings) -> bool:
    """Whether the champion's model card lies there, as page and as data."""
    names = ("model_card.html", "model_card.json")
    return all((settings.reports / name).is_file() for name in names)


def _record(settings: Settings) -> Path:
    return settings.reports / "built.json"


def _inputs(settings: Settings) -> Iterable[Path]:
    own = find_transactions(settings)
    yield from own or [
        path
        for path in (settings.simulated, settings.simulated_outcomes)
        if path.is_file()
    ]
    yield from sorted((settings.data_dir / "outcomes").glob("*"))
    decisions = os.environ.get("DECISIONS_DIR") or settings.data_dir / "decisions"
    yield from sorted(Path(decisions).glob("*.jsonl"))


def _project_files(settings: Settings) -> Iterable[Path]:
    yield settings.dbt_profiles_dir / "profiles.yml"
    for path in sorted(settings.dbt_project_dir.rglob("*")):
        top = path.relative_to(settings.dbt_project_dir).parts[0]
        ours = top not in WRITTEN_BY_DBT and path.suffix in PROJECT_FILES
        if ours and path.is_file():
            yield path


def _stat(path: Path) -> tuple[str, int, int]:
    status = path.stat()
    return str(path), status.st_size, status.st_mtime_ns
