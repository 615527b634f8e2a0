"""``VARS``: dbt vars of a run, checked before anything starts.

dbt itself takes any name and any value: a misspelt name would change nothing,
silently, and an interval of 0 days would fail somewhere inside a model.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import PipelineError, one_line

EXAMPLE = "VARS='{observation_days: 90, outcome_days: 90}'"
# Not a var of its own: says what the others may be (macros/check_vars.sql).
RULES = "allowed_values"


def read_vars(text: str, project_dir: Path) -> dict[str, object]:
    """Read ``VARS`` against ``vars:`` of the project's ``dbt_project.yml``.

    Raises
    ------
    PipelineError
        If it is no mapping, names an unknown var, or gives one a value that
        ``allowed_values`` does not allow; or if there is no dbt project.
    """
    declared = declared_vars(project_dir)
    rules = declared.pop(RULES, {})
    try:
        values = yaml.safe_load(text) or {}
    # yaml lets through what datetime says of 2000-13-01.
    except (yaml.YAMLError, ValueError) as error:
        problem = one_line(str(getattr(error, "problem", None) or error))
        raise PipelineError(
            f"VARS={text} is not valid YAML ({problem}); write it like {EXAMPLE}"
        ) from error
    if not isinstance(values, dict):
        raise PipelineError(f"VARS={text} names no values; write it like {EXAMPLE}")
    for name, value in values.items():
        if name not in declared:
            raise PipelineError(
                f"VARS has an unknown name {name!r}; known are "
                f"{', '.join(sorted(declared))}; write it like {EXAMPLE}"
            )
        if name in rules and not _fits(value, rules[name]):
            raise PipelineError(
                f"VARS has {name}: {json.dumps(value, default=str)}; allowed is "
                f"{_told(rules[name])}"
            )
    return {str(name): value for name, value in values.items()}


def declared_vars(project_dir: Path) -> dict[str, Any]:
    """Everything under ``vars:`` in ``dbt_project.yml``."""
    try:
        text = (project_dir / "dbt_project.yml").read_text(encoding="utf-8")
    except OSError as error:
        raise PipelineError(
            f"no dbt project in {project_dir}: run from the project's folder, "
            "or set DBT_PROJECT_DIR"
        ) from error
    return dict((yaml.safe_load(text) or {}).get("vars") or {})


def vars_argument(dbt_vars: Mapping[str, object]) -> list[str]:
    """How dbt takes them.

    Examples
    --------
    >>> vars_argument({"seed": 7})
    ['--vars', '{"seed": 7}']
    >>> vars_argument({})
    []
    """
    return ["--vars", json.dumps(dbt_vars, default=str)] if dbt_vars else []


def _fits(value: object, rule: Any) -> bool:  # noqa: ANN401 - YAML
    if isinstance(rule, dict):
        if value is None:
            return bool(rule.get("or_null"))
        kinds = (int, float) if isinstance(rule["least"], float) else (int,)
        if not isinstance(value, kinds) or isinstance(value, bool):
            return False
        return bool(rule["least"] <= value <= rule["most"])
    return value in rule


def _told(rule: Any) -> str:  # noqa: ANN401 - YAML
    if isinstance(rule, dict):
        kind = "a number" if isinstance(rule["least"], float) else "a whole number"
        missing = " or null" if rule.get("or_null") else ""
        return f"{kind} from {rule['least']} to {rule['most']}{missing}"
    return " or ".join(rule)
