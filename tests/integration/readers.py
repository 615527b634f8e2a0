"""Which relations the programs read, by the SQL in their sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.conftest import ROOT
from training.tables import ORDERS

TRAINING = ROOT / "models_py" / "training"
PIPELINE = ROOT / "models_py" / "pipeline"
SCHEMAS = "raw|staging|intermediate|marts|seeds|model|decisions"
# `from marts.x` of a query, or "marts.x", the name of a table that a query reads.
READ = re.compile(
    rf"(?<!delete )(?:from|join)\s+(?:warehouse\.)?((?:{SCHEMAS})\.\w+)"
    rf'|"((?:{SCHEMAS})\.\w+)"'
)
# By exposure; training.examples and training.contract read for the audit too.
SOURCES: dict[str, Sequence[Path]] = {
    "training": [
        path
        for path in TRAINING.rglob("*.py")
        if not {"audit", "card"} & {*path.relative_to(TRAINING).parts}
    ],
    "model_card": [*(TRAINING / "card").rglob("*.py")],
    "audit": [
        *(TRAINING / "audit").rglob("*.py"),
        TRAINING / "examples.py",
        TRAINING / "contract.py",
        PIPELINE / "audit.py",
    ],
    "release": [*(ROOT / "models_py" / "release").rglob("*.py")],
    "summary": [PIPELINE / "queries.py"],
}
# `from model.{table}`: the tables that are the model.
BY_NAME = {"training": {f"model.{table}" for table in ORDERS}}


def relations_in(paths: Iterable[Path]) -> set[str]:
    """Return the relations, as schema.name, that queries in some files read."""
    return {
        named
        for path in paths
        for groups in READ.findall(path.read_text(encoding="utf-8"))
        for named in groups
        if named
    }


def relations_read(exposure: str) -> set[str]:
    """Return the relations that the program behind an exposure reads."""
    return relations_in(SOURCES[exposure]) | BY_NAME.get(exposure, set())
