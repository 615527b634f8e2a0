"""How to build the examples of an older version again: files, vars, commands."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Parts = Mapping[str, Any]

# Columns of marts.dim_parameters that follow from the data and the vars.
NO_VARS = frozenset(
    {"parameters_hash", "data_start", "data_end", "days_covered", "days_needed"}
)
# All that reproduce reads, and nothing that a champion of other vars would stop.
SELECTION = (
    "+fct_training_examples +fct_label_audit +dim_parameters feature_contract"
    " rating_scale"
)
DIRTY = "+dirty"


@dataclass(frozen=True)
class Origin:
    """Where examples come from: as `read_built_from` and `git_revision` say it."""

    built_from: Parts
    git_revision: str | None


def recipe(
    model_version: str, recorded: Origin, present: Origin, *, warehouse: Path
) -> list[str]:
    """Lines that say what a version was built from, what is here, and what to run.

    Parameters
    ----------
    recorded
        Of the training that made the version; nothing in `built_from` if it is older
        than that column.
    warehouse
        The file that holds the version.
    """
    revision, here = recorded.git_revision, present.git_revision
    lines = [
        f"to build what model {model_version} was trained on:",
        f"  revision: {revision or 'none, no repository'}{_here(revision, here)}",
    ]
    if not recorded.built_from:
        return [*lines, "  files and vars: not recorded, an earlier version trained it"]
    before, now = recorded.built_from, present.built_from
    last, last_here = before["last_transaction"], now["last_transaction"]
    parameters = before["parameters"]
    return [
        *lines,
        f"  last transaction: {last} UTC{_here(last, last_here)}",
        "  files:",
        *(f"    {line}" for line in _files(before["files"], now["files"])),
        "  vars:",
        *(f"    {line}" for line in _vars(parameters, now["parameters"])),
        "  commands, with the environment that README gives for dbt:",
        *(f"    {line}" for line in _checkout(revision)),
        "    export DATA_DIR=/an/empty/folder",
        f'    mkdir -p "$DATA_DIR/raw" && cp {shlex.quote(str(warehouse))} "$DATA_DIR"',
        '    # put those files, but the new ones, into "$DATA_DIR/raw" (outcomes/…'
        ' into "$DATA_DIR/outcomes")',
        "    dbt build --full-refresh --indirect-selection cautious"
        f" --select {SELECTION} --vars {_vars_argument(parameters)}",
        f"    python -m training reproduce --version {model_version}",
    ]


def _here(before: object, now: object) -> str:
    return "" if before == now else f" (here {'none' if now is None else now})"


def _files(recorded: Parts, present: Parts) -> Iterator[str]:
    """One line per file, those of then first."""
    for name, file in recorded.items():
        yield (
            f"{_state(file, present.get(name))} {name}, {file['size_bytes']} bytes,"
            f" sha256 {file['sha256'] or 'unknown: it changed after it landed'}"
        )
    yield from (f"new     {name}" for name in present if name not in recorded)


def _state(recorded: Parts, present: Parts | None) -> str:
    if present is None:
        return "missing"
    return "as then" if present == recorded else "changed"


def _vars(recorded: Parts, present: Parts) -> Iterator[str]:
    """Those that are others here, or one line that says that none is."""
    changed = [
        f"{name}: {value}{_here(value, present.get(name))}"
        for name, value in _only_vars(recorded).items()
        if value != present.get(name)
    ]
    yield from changed or ["as then"]


def _checkout(revision: str | None) -> Iterator[str]:
    if revision is None:
        return
    yield f"git checkout {revision.removesuffix(DIRTY)} && make setup"
    if revision.endswith(DIRTY):
        yield "# and the changes that were not committed then"


def _vars_argument(parameters: Parts) -> str:
    return shlex.quote(json.dumps(_only_vars(parameters)))


def _only_vars(parameters: Parts) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if name not in NO_VARS}
