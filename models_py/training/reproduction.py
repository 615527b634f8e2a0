"""Building a version again from what was recorded, and naming what differs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from training.built_from import read_built_from
from training.candidates import SCORECARD
from training.errors import RefusedError, TrainingError
from training.fingerprints import Parts, git_revision
from training.fitting import Problem, train_scorecard
from training.model_tables import ModelTables
from training.recipe import Origin, recipe
from training.runner import read_start
from training.settings import Settings
from training.spaces import Trial
from training.tables import read_model
from training.warehouse import open_warehouse

SHOWN_AT_MOST = 12
ABSENT = "absent"


@dataclass(frozen=True)
class Recorded:
    """What a training has left to build its version again."""

    tables: ModelTables
    inputs: Parts
    parameters: Mapping[str, Any]
    origin: Origin


def reproduce(settings: Settings, *, model_version: str) -> list[str]:
    """Fit the card again with the recorded seed and hyperparameters; write nothing.

    Data, code and libraries are those at hand: where they are not the recorded ones,
    that is said, and if the tables are others for it, how to get the recorded ones.

    Raises
    ------
    RefusedError
        With what differs, if the rebuilt tables are not the stored ones.
    TrainingError
        If the version is unknown, or there is nothing to train on.
    """
    from threadpoolctl import (  # type: ignore[import-untyped] # ships none
        threadpool_limits,
    )

    with open_warehouse(settings.warehouse, read_only=True) as connection:
        recorded = _read(connection, model_version)
    start = read_start(_settings_of(settings, recorded.inputs))
    problem = Problem(
        examples=start.examples,
        target=start.examples.frame[start.settings.label].to_numpy(dtype=bool),
        splits=start.splits,
        settings=start.settings,
        trials={SCORECARD: [Trial(recorded.parameters, roc_auc=1.0)]},
    )
    with threadpool_limits(1):
        rebuilt = train_scorecard(problem).tables
    if rebuilt is None:
        raise TrainingError("the scorecard has no tables")
    differences = list(input_differences(recorded.inputs, start.parts))
    inputs = _shortened(differences)
    here = git_revision()
    if any(difference.kind == "code" for difference in differences):
        inputs.append(f"trained at {recorded.origin.git_revision}, here is {here}")
    if rebuilt.model_version == model_version:
        return [*inputs, f"identical: built again, it is model {model_version}"]
    tables = list(table_differences(recorded.tables.content(), rebuilt.content()))
    lines = [*inputs, *_shortened(tables)]
    if differences:
        lines += recipe(
            model_version,
            recorded.origin,
            Origin(read_built_from(settings), here),
            warehouse=settings.warehouse,
        )
    raise RefusedError(
        f"not identical: built again, model {model_version} is"
        f" {rebuilt.model_version}; {_cause(differences)}",
        lines,
    )


@dataclass(frozen=True)
class Difference:
    """One input that is not the recorded one: of which kind, and in words."""

    kind: str
    text: str

    def __str__(self) -> str:
        """Kind and words in one line."""
        return f"{self.kind}: {self.text}"


def input_differences(recorded: Parts, present: Parts) -> Iterator[Difference]:
    """Name what is not as it was recorded: data, code, libraries, parameters.

    Parameters
    ----------
    recorded, present
        As `training_parts` gives them.

    Examples
    --------
    >>> recorded = {"dataset": {"rows": {"2019-01-17 test": 3}, "columns": {"a": "1"}},
    ...             "code": "c", "libraries": {"numpy": "2.4"}, "seed": 1}
    >>> present = {"dataset": {"rows": {"2019-01-17 test": 3}, "columns": {"a": "2"}},
    ...            "code": "c", "libraries": {"numpy": "2.5"}, "seed": 1}
    >>> [str(difference) for difference in input_differences(recorded, present)]
    ['data: other values in a', 'libraries: numpy 2.5, was 2.4']
    """
    rest_before, rest_now = dict(recorded), dict(present)
    data_before, data_now = rest_before.pop("dataset"), rest_now.pop("dataset")
    yield from _data_differences(data_before, data_now)
    if rest_before.pop("code") != rest_now.pop("code"):
        yield Difference("code", "the sources of training are others")
    for name, before, now in _changed(
        rest_before.pop("libraries"), rest_now.pop("libraries")
    ):
        yield Difference("libraries", f"{name} {now}, was {before}")
    for name, before, now in _changed(_flat(rest_before), _flat(rest_now)):
        yield Difference("parameters", f"{name} {now}, was {before}")


def table_differences(stored: Parts, rebuilt: Parts) -> Iterator[str]:
    """Name each value of the model's tables that differs.

    Parameters
    ----------
    stored, rebuilt
        As `ModelTables.content` gives them.
    """
    before, now = _by_key(stored), _by_key(rebuilt)
    for row, was, is_now in _changed(before, now):
        if ABSENT in (was, is_now):
            yield f"{row}: {'new' if was == ABSENT else 'gone'}"
            continue
        for name, value, other in _changed(was, is_now):
            yield f"{row}: {name} {other}, stored {value}"


def _read(connection: duckdb.DuckDBPyConnection, model_version: str) -> Recorded:
    tables = read_model(connection, model_version)
    if tables.model_version != model_version:
        raise TrainingError(
            f"the stored tables of {model_version} hash to {tables.model_version}:"
            " somebody has changed them"
        )
    row = connection.execute(
        "select inputs, parameters, built_from, git_revision from model.training_runs"
        " where model_version = ? order by trained_at desc, rowid desc limit 1",
        [model_version],
    ).fetchone()
    if row is None:
        raise TrainingError(f"model.training_runs has no run of {model_version}")
    inputs, parameters, built_from = (json.loads(text or "{}") for text in row[:3])
    if SCORECARD not in parameters:
        raise TrainingError(
            f"{model_version} was trained by an earlier version, which did not record"
            " what reproduce needs: train again"
        )
    origin = Origin(built_from, git_revision=row[3])
    return Recorded(tables, inputs, parameters[SCORECARD], origin)


def _settings_of(settings: Settings, inputs: Parts) -> Settings:
    """Take over what was chosen; an older training may not have known all of it."""
    chosen = {
        name: inputs[name] for name in ("seed", "device", "search") if name in inputs
    }
    return replace(settings, is_seed_given=True, **chosen)


def _data_differences(recorded: Parts, present: Parts) -> Iterator[Difference]:
    rows = list(_changed(recorded["rows"], present["rows"]))
    for snapshot, before, now in rows:
        yield Difference("data", f"rows of {snapshot}: {now}, was {before}")
    if rows:
        return
    columns = _changed(recorded["columns"], present["columns"])
    names = ", ".join(name for name, *_ in columns)
    if names:
        yield Difference("data", f"other values in {names}")


def _changed(
    recorded: Mapping[str, Any], present: Mapping[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    """Name, old and new value of what differs, in the order it stands there."""
    for name in dict.fromkeys([*recorded, *present]):
        before, now = recorded.get(name, ABSENT), present.get(name, ABSENT)
        if before != now:
            yield name, before, now


def _flat(value: object, path: str = "") -> dict[str, Any]:
    """Leaves of nested mappings and lists by dotted path."""
    if isinstance(value, Mapping):
        items = [(str(name), item) for name, item in value.items()]
    elif isinstance(value, list):
        items = [(_label(item, i), item) for i, item in enumerate(value)]
    else:
        return {path: value}
    return {
        name: leaf
        for key, item in items
        for name, leaf in _flat(item, f"{path}.{key}" if path else key).items()
    }


def _label(item: object, index: int) -> str:
    if isinstance(item, Mapping):
        return str(item.get("name") or item.get("grade") or index)
    return str(index)


def _by_key(content: Parts) -> dict[str, Any]:
    """Rows of the model's tables by what a person calls them."""
    rows = {"scorecard": content["scorecard"]}
    rows |= {f"feature {row['feature']}": row for row in content["scorecard_features"]}
    rows |= {
        f"{row['feature']} bin {row['bin_index']}": row
        for row in content["scorecard_points"]
    }
    return rows | {f"grade {row['grade']}": row for row in content["rating_scale"]}


def _cause(inputs: Sequence[Difference]) -> str:
    kinds = list(dict.fromkeys(difference.kind for difference in inputs))
    if kinds:
        return f"{' and '.join(kinds)} differ from what was recorded"
    return "data, code, libraries and parameters are the recorded ones"


def _shortened(differences: Sequence[object]) -> list[str]:
    lines = [str(difference) for difference in differences[:SHOWN_AT_MOST]]
    rest = len(differences) - len(lines)
    return [*lines, f"… and {rest} more"] if rest else lines
