"""One folder in which models are built afresh, or upon what an earlier build left."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from tests.conftest import ROOT, Workspace

BUILD = (
    *("build", "--resource-type", "model", "--resource-type", "seed", "--select"),
    *("+fct_training_examples", "+fct_customer_rfm", "+fct_transactions"),
)
DUE = re.compile(r"(int_\w+): \d+ snapshots, to compute: (.*)")


@dataclass(frozen=True)
class Inputs:
    """What the rows of a build depend on.

    Attributes
    ----------
    files
        Which of the transactions each raw file has, as a condition, by file name.
    variables
        dbt vars.
    edits
        What stands in a model's SQL and what is put in its place, by file name.
    """

    files: Mapping[str, str]
    variables: Mapping[str, int] = field(default_factory=dict)
    edits: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Built:
    """What a build left, and what it says each per-snapshot model had to compute.

    Attributes
    ----------
    contents
        Number of rows and a hash of the rows, by relation.
    computed
        What was said, by model.
    """

    contents: dict[str, tuple[int, str]]
    computed: dict[str, str]


class Site:
    """A folder whose inputs change from build to build.

    Parameters
    ----------
    workspace
        The folder, empty.
    store
        Where warehouses and raw files of fresh builds are kept.
    transactions
        Parquet file of all transactions.
    """

    def __init__(self, workspace: Workspace, store: Path, transactions: Path) -> None:
        self.workspace = workspace
        self.store = store
        self.transactions = transactions
        self.raw = workspace.data_dir / "raw"
        self.warehouse = workspace.data_dir / "warehouse.duckdb"
        self._fresh: dict[str, Built] = {}

    def fresh(self, inputs: Inputs) -> Built:
        """Build from nothing, once for the same inputs."""
        name = repr(inputs)
        if name not in self._fresh:
            self._empty()
            self._write({}, inputs.files)
            self._fresh[name] = self.build(inputs)
            kept = self._kept(name)
            shutil.copytree(self.raw, kept / "raw")
            shutil.copy2(self.warehouse, kept)
        return self._fresh[name]

    def prepare(self, before: Inputs, after: Inputs) -> None:
        """Put the files of `after` where `before` was built."""
        self.fresh(before)
        self._empty()
        kept = self._kept(repr(before))
        shutil.copytree(kept / "raw", self.raw, dirs_exist_ok=True)
        shutil.copy2(kept / self.warehouse.name, self.warehouse)
        self._write(before.files, after.files)

    def build(self, inputs: Inputs, *flags: str) -> Built:
        """Build upon what is there."""
        done = self.workspace.dbt(
            *BUILD,
            *flags,
            variables=inputs.variables,
            extra=self._project(inputs) if inputs.variables or inputs.edits else None,
        )
        return Built(self.contents(), dict(DUE.findall(done.stdout)))

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a command of dbt that can be killed, the build unless named."""
        dbt = str(Path(sys.executable).with_name("dbt"))
        return subprocess.Popen(
            [dbt, "--quiet", *(command or BUILD)],
            env=self.workspace.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def contents(self) -> dict[str, tuple[int, str]]:
        """Return number of rows and a hash of the rows of each relation built."""
        content = "count(*), cast(sum(cast(hash(t) as hugeint)) as varchar)"
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            relations = connection.execute(
                "select table_schema || '.' || table_name "
                "from information_schema.tables "
                "where table_schema in ('intermediate', 'marts') order by all"
            ).fetchall()
            found = {}
            for (relation,) in relations:
                query = f"select {content} from {relation} as t"  # noqa: S608
                ((rows, sum_of_hashes),) = connection.execute(query).fetchall()
                found[relation] = (rows, sum_of_hashes)
            return found

    def _empty(self) -> None:
        """Remove all but what dbt remembers of the project."""
        shutil.rmtree(self.raw, ignore_errors=True)
        self.raw.mkdir()
        self.warehouse.unlink(missing_ok=True)
        self.warehouse.with_suffix(".duckdb.wal").unlink(missing_ok=True)

    def _write(self, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        for name in before.keys() - after.keys():
            (self.raw / name).unlink()
        for name, rows in after.items():
            if before.get(name) != rows:
                kept = f"select * from '{self.transactions}' where {rows}"  # noqa: S608
                duckdb.sql(f"copy ({kept}) to '{self.raw / name}' (format parquet)")

    def _kept(self, name: str) -> Path:
        folder = self.store / str(list(self._fresh).index(name))
        folder.mkdir(exist_ok=True)
        return folder

    def _project(self, inputs: Inputs) -> dict[str, str]:
        """Where dbt finds a project with these edits, and may remember it."""
        name = re.sub(r"\W+", "_", f"{sorted(inputs.variables)} {sorted(inputs.edits)}")
        project = self.store / f"project{name}"
        if not project.exists():
            shutil.copytree(ROOT / "dbt_project", project)
            for file, (old, new) in inputs.edits.items():
                (path,) = project.rglob(file)
                text = path.read_text(encoding="utf-8")
                assert old in text, f"{file} has no {old}"
                path.write_text(text.replace(old, new), encoding="utf-8")
        return {
            "DBT_PROJECT_DIR": str(project),
            "DBT_TARGET_PATH": str(self.workspace.data_dir / f"target{name}"),
        }
