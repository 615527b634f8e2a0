"""Rebuild the models of one snapshot from chosen transactions, without dbt.

dbt has compiled every model to plain SQL; here that SQL runs in memory, in the order
of the lineage, on raw rows that a test has cut. What only the train split may decide
(scalers, centroids) and the calendar are kept as the full run made them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from tests.conftest import Workspace

FROZEN = ("int_snapshots__dated", "int_snapshots__fingerprinted")
KEY = {"customer_id", "snapshot_date"}


def is_frozen(name: str) -> bool:
    """Whether a model stays as the full run made it."""
    return name in FROZEN or name.endswith("__fitted")


@dataclass(frozen=True)
class Compiled:
    """The compiled models of a finished run, in the order of the lineage."""

    workspace: Workspace
    nodes: Mapping[str, Mapping[str, Any]]
    sql: Mapping[str, str] = field(repr=False)

    @classmethod
    def read(cls, workspace: Workspace) -> Compiled:
        """Read manifest and compiled SQL of a workspace that dbt has built."""
        target = workspace.data_dir / "target"
        manifest = json.loads((target / "manifest.json").read_text())
        nodes = {
            node["unique_id"]: node
            for node in manifest["nodes"].values()
            if node["resource_type"] in ("model", "seed")
        }
        models = {n: m for n, m in nodes.items() if m["resource_type"] == "model"}
        folder = target / "compiled" / "bati"
        return cls(
            workspace=workspace,
            nodes=nodes,
            sql={
                n: (folder / Path(m["original_file_path"])).read_text()
                for n, m in models.items()
            },
        )

    def keyed(self) -> set[str]:
        """Return the models with one row per customer and snapshot (or more).

        Records of decisions are written down, not computed from transactions.
        """
        return {
            node["name"]
            for unique_id, node in self.nodes.items()
            if unique_id in self.sql
            and set(node["columns"]) >= KEY
            and not node["name"].startswith("stg_decisions")
        }

    def ancestry(self, wanted: set[str]) -> list[str]:
        """Return the nodes behind some models and themselves, parents first."""
        ordered: list[str] = []

        def visit(unique_id: str) -> None:
            if unique_id in ordered or unique_id not in self.nodes:
                return
            node = self.nodes[unique_id]
            frozen = is_frozen(node["name"]) or unique_id not in self.sql
            for parent in () if frozen else node["depends_on"]["nodes"]:
                visit(parent)
            ordered.append(unique_id)

        for unique_id, node in sorted(self.nodes.items()):
            if node["name"] in wanted:
                visit(unique_id)
        return ordered

    def rows(
        self,
        wanted: set[str],
        snapshot: str,
        *,
        keep: str,
        keep_outcomes: str = "true",
        changes: Mapping[str, tuple[str, str]] | None = None,
    ) -> dict[str, list[tuple[Any, ...]]]:
        """Return each wanted model's rows of a snapshot, built from kept raw rows.

        Parameters
        ----------
        wanted
            Names of models.
        snapshot
            Date of the snapshot, ISO 8601.
        keep, keep_outcomes
            Conditions on raw.transactions and raw.outcomes.
        changes
            Text to replace in a model's SQL, by name: a planted error.
        """
        with duckdb.connect() as connection:
            connection.execute("set threads = 2; set timezone = 'UTC'")
            full = self.workspace.data_dir / "warehouse.duckdb"
            connection.execute(f"attach '{full}' as full_run (read_only)")
            connection.execute("attach ':memory:' as warehouse")
            connection.execute("use warehouse")
            for schema in ("raw", "seeds", "staging", "intermediate", "marts"):
                connection.execute(f"create schema {schema}")
            for table, condition in (
                ("transactions", keep),
                ("outcomes", keep_outcomes),
            ):
                rows = f"select * from full_run.raw.{table} where {condition}"  # noqa: S608
                connection.execute(f"create table raw.{table} as {rows}")
            for unique_id in self.ancestry(wanted):
                self._build(connection, unique_id, snapshot, changes or {})
            return {
                name: connection.execute(
                    f"select * from {self._relation(name)} "  # noqa: S608
                    f"where snapshot_date = '{snapshot}' order by all"
                ).fetchall()
                for name in sorted(wanted)
            }

    def _relation(self, name: str) -> str:
        node = next(n for n in self.nodes.values() if n["name"] == name)
        return f'{node["schema"]}."{name}"'

    def _build(
        self,
        connection: duckdb.DuckDBPyConnection,
        unique_id: str,
        snapshot: str,
        changes: Mapping[str, tuple[str, str]],
    ) -> None:
        node = self.nodes[unique_id]
        name = node["name"]
        relation = self._relation(name)
        if unique_id not in self.sql or is_frozen(name):
            one = "where snapshot_date = '" + snapshot + "'" if name in FROZEN else ""
            connection.execute(
                f"create table {relation} as select * from full_run.{relation} {one}"  # noqa: S608
            )
            return
        sql = self.sql[unique_id]
        if name in changes:
            honest, leaky = changes[name]
            assert honest in sql, f"{name} does not say: {honest}"
            sql = sql.replace(honest, leaky)
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        connection.execute(f"create {kind} {relation} as {sql}")
