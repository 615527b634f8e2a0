"""Reading all that a card tells, in one go, from the warehouse alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from training.card import placing, queries
from training.card.parts import Row
from training.card.score_outcomes import read_score_comparisons
from training.errors import TrainingError

Rows = Sequence[Row]

# Names of training.candidates and training.splits, which take seconds to import.
SCORECARD, CHALLENGER = "scorecard", "xgboost"
TEST, TRAIN_OOF = "test", "train_oof"


@dataclass(frozen=True)
class Facts:
    """Rows by what they are about, as the tables hold them.

    `bins` and `placed_grades` count rows by split (test, score) and bin or grade.
    """

    version: str
    champion: str | None
    scorecard: Row
    training: Row
    promotions: Rows
    features: Rows
    selection: Rows
    points: Rows
    grades: Rows
    metrics: Rows
    segments: Rows
    comparisons: Rows
    calibration: Rows
    grade_calibration: Rows
    contributions: Rows
    data: Row
    rejected: Rows
    parameters: Row
    label: Rows
    label_stability: Rows
    label_comparisons: Rows
    score_comparisons: Rows
    known_customers: int
    trainings_on_test: int
    bins: Rows
    placed_grades: Rows
    reasons: Rows

    @property
    def is_champion(self) -> bool:
        """Whether this version is the one in charge."""
        return self.version == self.champion

    @property
    def is_proxy(self) -> bool:
        """Whether the target stands in for the one that is wanted."""
        return bool(self.scorecard["label_source"] == "proxy")

    @property
    def card_features(self) -> Rows:
        """Features that the card uses, in contract order."""
        return [row for row in self.features if row["coefficient"] is not None]

    def metric(self, candidate: str, split: str) -> Row:
        """Row of a candidate and split.

        Raises
        ------
        TrainingError
            If the training did not measure it.
        """
        for row in self.metrics:
            if (row["candidate"], row["split"]) == (candidate, split):
                return row
        raise TrainingError(
            f"model.candidate_metrics has no {candidate} on {split} for"
            f" {self.version}: run python -m training again"
        )

    def points_of(self, feature: str) -> Rows:
        """Bins of a feature in their order.

        Raises
        ------
        TrainingError
            If there are none.
        """
        rows = [row for row in self.points if row["feature"] == feature]
        if not rows:
            raise TrainingError(f"model.scorecard_points has no {feature}: train again")
        return rows


def read_facts(connection: duckdb.DuckDBPyConnection, version: str | None) -> Facts:
    """Read everything about a version; by default about the champion.

    Raises
    ------
    TrainingError
        If there is no champion, or no such version.
    """

    def ask(query: str, **parameters: object) -> list[dict[str, object]]:
        result = connection.execute(query, parameters)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    crowned = [str(row["model_version"]) for row in ask(queries.CHAMPION)]
    champion = crowned[0] if crowned else None
    version = version or champion
    if version is None:
        raise TrainingError("there is no champion to tell of: run python -m training")
    scorecard = _only(ask(queries.SCORECARD, version=version), version)
    training = _only(ask(queries.TRAINING, version=version), version)
    features = ask(queries.FEATURES, version=version)
    fingerprint = training["training_fingerprint"]
    in_card = [row for row in features if row["coefficient"] is not None]
    placing.place_customers(connection, in_card, version)
    return Facts(
        version=version,
        champion=champion,
        scorecard=scorecard,
        training=training,
        promotions=ask(queries.PROMOTIONS, version=version),
        features=features,
        selection=ask(queries.SELECTION, version=version),
        points=ask(queries.POINTS, version=version),
        grades=ask(queries.GRADES, version=version),
        metrics=ask(queries.METRICS, fingerprint=fingerprint),
        segments=ask(queries.SEGMENTS, fingerprint=fingerprint),
        comparisons=ask(queries.COMPARISONS, fingerprint=fingerprint),
        calibration=ask(queries.CALIBRATION, fingerprint=fingerprint),
        grade_calibration=ask(queries.GRADE_CALIBRATION, fingerprint=fingerprint),
        contributions=ask(queries.CONTRIBUTIONS, version=version),
        data=ask(queries.DATA)[0],
        rejected=ask(queries.REJECTED),
        parameters=ask(queries.PARAMETERS)[0],
        label=ask(queries.LABEL),
        label_stability=ask(queries.LABEL_STABILITY),
        label_comparisons=ask(queries.LABEL_COMPARISONS),
        score_comparisons=read_score_comparisons(
            connection, version, seed=int(str(training["seed"]))
        ),
        known_customers=_count(ask(queries.KNOWN_CUSTOMERS)),
        trainings_on_test=_count(
            ask(queries.TRAININGS_ON_TEST, test_snapshot=training["test_snapshot"])
        ),
        bins=ask(placing.BINS),
        placed_grades=ask(placing.GRADES, version=version),
        reasons=ask(
            placing.REASONS,
            version=version,
            reasons_at_most=scorecard["reasons_at_most"],
        ),
    )


def _only(rows: Rows, version: str) -> Mapping[str, object]:
    if not rows:
        raise TrainingError(
            f"no trained version {version!r}: model.training_runs lists them"
        )
    return rows[0]


def _count(rows: Rows) -> int:
    (count,) = rows[0].values()
    return int(count)
