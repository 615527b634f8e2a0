"""Reading the labelled examples: the one place that reads the training mart."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import duckdb
import numpy as np
import pandas as pd

from training.contract import (
    DECLINE,
    Feature,
    Grade,
    read_contract,
    read_grades,
)
from training.errors import TooLittleDataError, TrainingError
from training.metrics import ErrorCosts
from training.settings import AUDIT_LABEL, TARGET_LABEL
from training.warehouse import column_types

MART = "marts.fct_training_examples"
PARAMETERS = "marts.dim_parameters"
KEY_TYPES = {
    "customer_id": "VARCHAR",
    "snapshot_date": "DATE",
    "split": "VARCHAR",
    "customer_fold": "INTEGER",
    "parameters_hash": "VARCHAR",
    TARGET_LABEL: "BOOLEAN",
    AUDIT_LABEL: "BOOLEAN",
}
INACTIVITY_AGREEMENT = 0.95
PROXY_TARGET = "low expected engagement"
INACTIVITY_TARGET = "expected inactivity"
OBSERVED_TARGET = "observed default"


@dataclass(frozen=True)
class Parameters:
    """What the build was made with, from its one-row mart."""

    label_source: str
    seed: int
    days_needed: int
    days_covered: int
    observation_days: int
    outcome_days: int
    parameters_hash: str
    type_1_error_cost: float
    type_2_error_cost: float
    central_tendency: float | None

    @property
    def is_observed(self) -> bool:
        """Whether the label is an observed default, not a proxy."""
        return self.label_source == "observed"


@dataclass(frozen=True)
class Examples:
    """Rows of the mart, in order of snapshot_date and customer_id.

    `frame` has the keys of `KEY_TYPES` and the features: doubles with NaN, and
    text with None, where a value is missing. `agreement_with_inactivity` is the share
    of train rows whose label says no more than whether anything was bought,
    `window_days` the length of the longer window.
    """

    frame: pd.DataFrame
    features: tuple[Feature, ...]
    grades: tuple[Grade, ...]
    parameters_hash: str
    label_source: str
    target_name: str
    agreement_with_inactivity: float | None = None
    dbt_invocation_id: str | None = None
    seed: int = 42
    costs: ErrorCosts = field(default_factory=ErrorCosts)
    central_tendency: float | None = None
    window_days: int = 28

    @property
    def feature_names(self) -> list[str]:
        """Names in contract order."""
        return [feature.name for feature in self.features]


def read_examples(connection: duckdb.DuckDBPyConnection) -> Examples:
    """Read the mart, the contract and the rating scale, and check them.

    Raises
    ------
    TooLittleDataError
        If there is no row to train on or none to test on.
    TrainingError
        If columns, types or values are not as the contract says.
    """
    features = read_contract(connection)
    _check_types(column_types(connection, *MART.split(".")), features)
    names = [*KEY_TYPES, *(feature.name for feature in features)]
    columns = ", ".join(f'"{name}"' for name in names)
    frame = connection.execute(
        f"select {columns} from {MART} order by snapshot_date, customer_id"  # noqa: S608 # names come from the checked contract
    ).df()
    parameters, grades = _read_parameters(connection), read_grades(connection)
    _refuse_on_a_proxy(parameters, grades)
    if not {"train", "test"} <= set(frame["split"]):
        raise TooLittleDataError(_too_little_data(parameters))
    source = parameters.label_source
    agreement = None if parameters.is_observed else _agreement(connection)
    return Examples(
        frame=_clean(frame, features),
        features=features,
        grades=grades,
        parameters_hash=_one_hash(frame, parameters),
        label_source=source,
        target_name=_target_name(source, agreement),
        agreement_with_inactivity=agreement,
        dbt_invocation_id=_dbt_invocation_id(connection),
        seed=parameters.seed,
        costs=ErrorCosts(
            type_1=parameters.type_1_error_cost, type_2=parameters.type_2_error_cost
        ),
        central_tendency=parameters.central_tendency,
        window_days=max(parameters.observation_days, parameters.outcome_days),
    )


def _check_types(found: dict[str, str], features: Sequence[Feature]) -> None:
    expected = dict(KEY_TYPES)
    expected |= {f.name: "DOUBLE" if f.is_numeric else "VARCHAR" for f in features}
    if not found:
        raise TrainingError(f"{MART} does not exist: run dbt build first")
    for name, kind in expected.items():
        if found.get(name) != kind:
            raise TrainingError(
                f"{MART}.{name} is {found.get(name, 'absent')}, not {kind}: rebuild it"
                " with dbt build"
            )


def _clean(frame: pd.DataFrame, features: Sequence[Feature]) -> pd.DataFrame:
    nulls = frame[list(KEY_TYPES)].isna().any()
    if nulls.any():
        raise TrainingError(f"{MART}.{nulls.idxmax()} has nulls: run dbt build")
    cleaned = {name: frame[name].to_numpy() for name in KEY_TYPES}
    for label in (TARGET_LABEL, AUDIT_LABEL):
        cleaned[label] = cleaned[label].astype(bool)
    for feature in features:
        column = frame[feature.name]
        if feature.is_numeric:
            values = column.to_numpy(dtype=float, na_value=np.nan)
            if np.isinf(values).any():
                raise TrainingError(f"{MART}.{feature.name} has an infinite value")
        else:
            values = column.astype(object).to_numpy(copy=True)
            values[column.isna().to_numpy()] = None
        cleaned[feature.name] = values
    # Each with its own type: pandas would turn None in text into NaN.
    return pd.DataFrame(
        {
            name: pd.Series(values, dtype=values.dtype)
            for name, values in cleaned.items()
        }
    )


def _one_hash(frame: pd.DataFrame, parameters: Parameters) -> str:
    hashes = sorted(set(frame["parameters_hash"]))
    if len(hashes) != 1:
        raise TrainingError(
            f"{MART} mixes the parameters {', '.join(map(str, hashes))}: rebuild it"
            " with dbt build --full-refresh"
        )
    if hashes != [parameters.parameters_hash]:
        raise TrainingError(
            f"{MART} is of parameters {hashes[0]}, {PARAMETERS} of"
            f" {parameters.parameters_hash}: run dbt build, the whole of it, with the"
            " vars that you want"
        )
    return str(hashes[0])


def _refuse_on_a_proxy(parameters: Parameters, grades: Sequence[Grade]) -> None:
    """Stop what needs defaults to be known where they are not."""
    if parameters.is_observed:
        return
    remedy = "supply outcomes and set var label_source to observed"
    if parameters.central_tendency is not None:
        raise TrainingError(
            f"var central_tendency is {parameters.central_tendency:g}, but the label is"
            " a behavioural proxy, which has no default rate to be shifted to: leave"
            f" it null, or {remedy}"
        )
    declining = [grade.grade for grade in grades if grade.action == DECLINE]
    if declining:
        raise TrainingError(
            f"seeds.rating_scale declines grade {', '.join(declining)} by itself, but"
            " the label is a behavioural proxy, on which nobody is declined: use"
            f" refer, or {remedy}"
        )


def _read_parameters(connection: duckdb.DuckDBPyConnection) -> Parameters:
    found = column_types(connection, *PARAMETERS.split("."))
    if not found:
        raise TrainingError(f"{PARAMETERS} does not exist: run dbt build first")
    names = [known.name for known in fields(Parameters)]
    absent = [name for name in names if name not in found]
    if absent:
        raise TrainingError(
            f"{PARAMETERS}.{absent[0]} is absent: rebuild it with dbt build"
        )
    row = connection.execute(
        f"select {', '.join(names)} from {PARAMETERS}"  # noqa: S608 # names of a dataclass
    ).fetchone()
    if row is None:
        raise TooLittleDataError(f"{PARAMETERS} is empty: no transaction was accepted")
    return Parameters(*row)


def _too_little_data(parameters: Parameters) -> str:
    what = f"{MART} has no train and test rows"
    if parameters.days_covered < parameters.days_needed:
        return (
            f"{what}: training needs {parameters.days_needed} days of data"
            " (observation_days + 2 x outcome_days), the data covers"
            f" {parameters.days_covered}:"
            f" {parameters.days_needed - parameters.days_covered} are missing"
        )
    return f"{what}, although the days suffice: supply more customers"


def _agreement(connection: duckdb.DuckDBPyConnection) -> float | None:
    if not column_types(connection, "marts", "fct_label_audit"):
        return None
    row = connection.execute(
        "select sum(agreement_with_inactivity * row_count) / sum(row_count)"
        " from marts.fct_label_audit where split = 'train'"
    ).fetchone()
    return None if row is None or row[0] is None else float(row[0])


def _target_name(label_source: str, agreement: float | None) -> str:
    if label_source == "observed":
        return OBSERVED_TARGET
    is_inactivity = agreement is not None and agreement > INACTIVITY_AGREEMENT
    return INACTIVITY_TARGET if is_inactivity else PROXY_TARGET


def _dbt_invocation_id(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Read the mart's comment: the dbt run that built it wrote its id there."""
    row = connection.execute(
        "select comment from duckdb_tables()"
        " where schema_name || '.' || table_name = ?",
        [MART],
    ).fetchone()
    prefix, _, invocation_id = ((row and row[0]) or "").partition(" ")
    return invocation_id if prefix == "dbt" else None
