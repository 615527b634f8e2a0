"""The statements of schema `model`, as dbt makes them of its macros."""

import re
from types import SimpleNamespace

import jinja2

from tests.conftest import ROOT

MACROS = ROOT / "dbt_project" / "macros"


def model_ddl() -> str:
    """Statements of create_model_tables."""
    return _macro("create_model_tables")


def missing_columns() -> str:
    """Statements that dbt runs before them, for a warehouse of an earlier version."""
    return _macro("add_missing_columns", model_ddl())


def _macro(name: str, *arguments: str) -> str:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)  # noqa: S701  (SQL, not HTML)
    environment.globals |= {
        "execute": True,
        "flags": SimpleNamespace(WHICH="run"),
        "modules": SimpleNamespace(re=re),
    }
    source = (MACROS / f"{name}.sql").read_text(encoding="utf-8")
    rendered = getattr(environment.from_string(source).module, name)(*arguments)
    return str(rendered)
