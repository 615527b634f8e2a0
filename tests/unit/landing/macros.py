"""The landing macros run by Jinja and DuckDB alone: hundreds of files a second."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import jinja2

from tests.conftest import ROOT

FOLDER = ROOT / "dbt_project" / "macros" / "landing"
ADD_MISSING_COLUMNS = FOLDER.parent / "add_missing_columns.sql"
MACRO = re.compile(r"\{% macro (\w+)\(.*?\{%-? endmacro -?%\}", re.DOTALL)


class LandingError(Exception):
    """What dbt shows as an error of one line."""


class _Returned(Exception):  # noqa: N818
    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


def _return(value: object) -> None:
    raise _Returned(value)


def _raise(message: str) -> None:
    raise LandingError(message)


@dataclass
class Landing:
    """The landing macros on a database of their own.

    Parameters
    ----------
    data_dir
        What DATA_DIR is to dbt.
    variables
        dbt vars.
    before_query
        Called with each statement before it runs.
    """

    data_dir: Path
    variables: dict[str, Any] = field(
        default_factory=lambda: {
            "earliest_date": "2000-01-01",
            "label_source": "proxy",
        }
    )

    before_query: Callable[[str], object] = str

    def __post_init__(self) -> None:
        self.warnings: list[str] = []
        self.connection = duckdb.connect()
        self.connection.execute("set TimeZone = 'UTC'; set threads = 2")
        self.macros: dict[str, Callable[..., Any]] = {}
        environment = jinja2.Environment(  # noqa: S701  (SQL, not HTML)
            extensions=["jinja2.ext.do"], undefined=jinja2.StrictUndefined
        )
        environment.globals.update(self._dbt())
        for path in (*sorted(FOLDER.glob("*.sql")), ADD_MISSING_COLUMNS):
            for found in MACRO.finditer(path.read_text()):
                self.macros[found[1]] = self._macro(environment, found[1], found[0])
        environment.globals.update(self.macros)

    def _dbt(self) -> dict[str, Any]:
        """What dbt puts beside the macros."""
        return {
            "return": _return,
            "execute": True,
            "flags": SimpleNamespace(WHICH="run"),
            "var": self.variables.__getitem__,
            "env_var": lambda name, default="": {"DATA_DIR": str(self.data_dir)}.get(
                name, default
            ),
            "modules": SimpleNamespace(re=re),
            "exceptions": SimpleNamespace(
                raise_compiler_error=_raise, warn=self.warnings.append
            ),
            "local_md5": lambda text: hashlib.md5(text.encode()).hexdigest(),  # noqa: S324
            "fromjson": json.loads,
            "tojson": json.dumps,
            "run_query": self._run_query,
            "run_started_at": datetime.datetime.now(tz=datetime.UTC),
        }

    def _run_query(self, sql: str) -> SimpleNamespace:
        self.before_query(sql)
        done = self.connection.execute(sql)
        rows = done.fetchall() if done.description else []
        columns = [
            SimpleNamespace(values=lambda values=values: values)
            for values in zip(*rows, strict=True)
        ]
        return SimpleNamespace(
            rows=rows, columns=columns or [SimpleNamespace(values=tuple)]
        )

    @staticmethod
    def _macro(
        environment: jinja2.Environment, name: str, source: str
    ) -> Callable[..., Any]:
        template = environment.from_string(source)

        def call(*arguments: object, **named: object) -> Any:  # noqa: ANN401
            try:
                return getattr(template.module, name)(*arguments, **named)
            except _Returned as returned:
                return returned.value

        return call

    def run(self) -> None:
        """Land as `dbt run` does; an error undoes it."""
        try:
            self.macros["land_transactions"]()
            self.macros["land_outcomes"]()
            self.macros["land_decisions"]()
        except (LandingError, duckdb.Error):
            with contextlib.suppress(duckdb.TransactionException):
                self.connection.execute("rollback")
            raise

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.connection.execute(sql).fetchall()
