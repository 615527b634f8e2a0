"""What the gates look at: a version, and the rows of the warehouse as they are now."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import duckdb
import pandas as pd

from training.metrics import Target
from training.promotion.gates import NotAssessedError, NothingToCompareError
from training.promotion.ledger import promoted_version
from training.scorecard import Scorecard
from training.splits import TRAIN_OOF
from training.tables import read_model
from training.warehouse import column_types

FEATURES = "marts.fct_customer_features"
EXAMPLES = "marts.fct_training_examples"
SPLITS = ("train", "test", "score")

# Name, rows and bads.
GradeCount = tuple[str, int, int]


@dataclass(frozen=True)
class Origin:
    """Of the newest training of a version: what it was trained on."""

    training_fingerprint: str
    parameters_hash: str
    first_train_snapshot: date
    last_train_snapshot: date
    seed: int


class Evidence:
    """A version and the rows to try it on; each is read when a gate asks for it.

    Parameters
    ----------
    connection
        Of the warehouse.
    model_version
        A version that has been trained.
    resamples
        Of bootstrap intervals; their seed is that of the training.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        model_version: str,
        *,
        resamples: int,
    ) -> None:
        self.connection = connection
        self.model_version = model_version
        self.resamples = resamples

    @cached_property
    def origin(self) -> Origin:
        """Training of the version."""
        return _origin(self.connection, self.model_version)

    @cached_property
    def card(self) -> Scorecard:
        """Rebuild the version from its tables."""
        return Scorecard(read_model(self.connection, self.model_version))

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Customers of the splits train, test and score, with features and label.

        Raises
        ------
        NotAssessedError
            If the warehouse has no such rows, or they are of other parameters.
        """
        for mart in (FEATURES, EXAMPLES):
            if not column_types(self.connection, *mart.split(".")):
                raise NotAssessedError(f"{mart} does not exist: run dbt build")
        rows = self.connection.execute(
            f"select features.*, examples.is_high_risk from {FEATURES} as features"  # noqa: S608 # fixed names
            f" left join {EXAMPLES} as examples using (customer_id, snapshot_date)"
            f" where features.split in {SPLITS} order by snapshot_date, customer_id"
        ).df()
        hashes = set(rows["parameters_hash"])
        if hashes - {self.origin.parameters_hash}:
            raise NotAssessedError(
                f"{FEATURES} is of parameters {', '.join(sorted(hashes))}, the version"
                f" of {self.origin.parameters_hash}: run dbt build with its vars"
            )
        return rows

    def rows_of(self, split: str) -> pd.DataFrame:
        """Rows of one split, at least one."""
        return _some(self.rows[self.rows["split"] == split], f"of split {split}")

    def train_rows(self) -> pd.DataFrame:
        """Rows of the snapshots that the version was trained on, of all folds."""
        origin, dates = self.origin, self.rows["snapshot_date"].dt.date
        within = (dates >= origin.first_train_snapshot) & (
            dates <= origin.last_train_snapshot
        )
        return _some(self.rows[within], "of the version's train snapshots")

    def test_rows(self) -> pd.DataFrame:
        """Rows of the test snapshot, which the version must not have learnt from."""
        rows = self.rows_of("test")
        if rows["is_high_risk"].isna().any():
            raise NotAssessedError(f"{EXAMPLES} lacks labels of split test")
        why = self.learnt_from(rows, self.origin, "the version")
        if why:
            raise NotAssessedError(why)
        return rows

    def learnt_from(self, rows: pd.DataFrame, origin: Origin, who: str) -> str | None:
        """Say if a training has learnt from the time of these rows; else None.

        Labels of train look `outcome_days` ahead: the rule is that of the split.
        """
        row = self.connection.execute(
            "select outcome_days from marts.dim_parameters"
        ).fetchone()
        if row is None:
            raise NotAssessedError("marts.dim_parameters is empty: run dbt build")
        end = origin.last_train_snapshot + timedelta(days=int(row[0]))
        snapshot = rows["snapshot_date"].max().date()
        if end <= snapshot:
            return None
        return (
            f"labels that {who} learnt from end on {end}, after the test snapshot"
            f" {snapshot}"
        )

    def grades_out_of_fold(self) -> list[GradeCount]:
        """Train rows of each grade, the safest first, as training counted them."""
        counted = self.connection.execute(
            "select grade, row_count, event_count from model.grade_calibration"
            " where training_fingerprint = ? and split = ? order by position",
            [self.origin.training_fingerprint, TRAIN_OOF],
        ).fetchall()
        if not any(rows for _, rows, _ in counted):
            raise NotAssessedError("its training has left no grades out of fold")
        return [(grade, rows, bads) for grade, rows, bads in counted]

    def champion(self) -> Scorecard:
        """Who is in charge now, as the rival of the version on the test rows.

        A champion of other parameters is scored on these rows all the same: it is
        what the version would replace.

        Raises
        ------
        NothingToCompareError
            If there is none, it is the version itself, or it has learnt from the
            time of the test rows.
        NotAssessedError
            If there are no test rows, or they lack a feature of its card.
        """
        version = promoted_version(self.connection)
        if version is None:
            raise NothingToCompareError("there is no champion")
        if version == self.model_version:
            raise NothingToCompareError("the version is the champion")
        rows, who = self.test_rows(), f"champion {version}"
        why = self.learnt_from(rows, _origin(self.connection, version), who)
        if why:
            raise NothingToCompareError(why)
        card = Scorecard(read_model(self.connection, version))
        lacking = [f.name for f in card.features if f.name not in rows.columns]
        if lacking:
            names = ", ".join(lacking)
            raise NotAssessedError(f"{who} needs {names}: not in {FEATURES}")
        return card


def labels_of(rows: pd.DataFrame) -> Target:
    """Label of each row, shape (rows,)."""
    return rows["is_high_risk"].to_numpy(dtype=bool)


def _some(rows: pd.DataFrame, what: str) -> pd.DataFrame:
    if not len(rows):
        raise NotAssessedError(f"{FEATURES} has no rows {what}")
    return rows


def _origin(connection: duckdb.DuckDBPyConnection, version: str) -> Origin:
    row = connection.execute(
        "select training_fingerprint, parameters_hash, first_train_snapshot,"
        " last_train_snapshot, seed from model.training_runs where model_version = ?"
        " order by trained_at desc, rowid desc limit 1",
        [version],
    ).fetchone()
    if row is None:
        raise NotAssessedError(f"model.training_runs has no run of {version}")
    if None in row:
        raise NotAssessedError(
            f"{version} was trained by an earlier version, which did not record its"
            " train snapshots"
        )
    return Origin(*row)
