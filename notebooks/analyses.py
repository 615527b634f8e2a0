"""The compiled analyses of dbt, asked of the warehouse."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pandas as pd

from pipeline.dbt_events import explained
from pipeline.errors import PipelineError

# A DataFrame with the columns that the SQL names. Typed as one, each of its cells
# would be anything that a cell can be.
Rows: TypeAlias = Any


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """One question, as dbt compiled it.

    Attributes
    ----------
    question
        First sentence of its description.
    explanation
        The rest of it.
    sql
        What the warehouse is asked.
    """

    name: str
    question: str
    explanation: str
    sql: str


def read_analyses(manifest: Path) -> Mapping[str, Analysis]:
    """Read what ``dbt compile`` left.

    Parameters
    ----------
    manifest
        ``target/manifest.json``.

    Returns
    -------
    Mapping of str to Analysis
        By name.

    Raises
    ------
    PipelineError
        The analyses have not been compiled.
    """
    try:
        nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    except FileNotFoundError:
        nodes = []
    analyses = {
        node["name"]: _analysis(node)
        for node in nodes
        if node["resource_type"] == "analysis" and node.get("compiled_code")
    }
    if not analyses:
        raise PipelineError(f"no compiled analyses in {manifest}: run make eda")
    return analyses


def ask(warehouse: Path, sql: str) -> pd.DataFrame:
    """Run a query; the warehouse is open, read-only, for no longer than that.

    Raises
    ------
    PipelineError
        There is no warehouse, another process writes to it, or it lacks a table.
    """
    if not warehouse.is_file():
        raise PipelineError(f"no warehouse at {warehouse}: run make run first")
    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            return connection.execute(sql).df()
    except duckdb.CatalogException as error:
        raise PipelineError(
            f"{warehouse} is not complete: run make run first ({_first_line(error)})"
        ) from error
    except duckdb.Error as error:
        raise PipelineError(explained(str(error))) from error


def _analysis(node: Mapping[str, Any]) -> Analysis:
    question, mark, explanation = node["description"].partition("?")
    return Analysis(
        name=node["name"],
        question=question + mark,
        explanation=explanation.strip(),
        sql=node["compiled_code"].strip(),
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
