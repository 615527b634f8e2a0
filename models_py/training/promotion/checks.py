"""The measurement behind each gate, and all of them for a version."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import duckdb
import numpy as np
import numpy.typing as npt

from training.bootstrap import bootstrap_auc, interval
from training.candidates import SCORECARD
from training.metrics import Target
from training.promotion.evidence import Evidence, labels_of
from training.promotion.gates import (
    GATES,
    GateResult,
    Measured,
    NotAssessedError,
    judge,
)
from training.promotion.parity import scores_in_sql
from training.scorecard import Floats
from training.splits import TRAIN_OOF
from training.stability import stability_index

Check = Callable[[Evidence], Measured]

SCORE_BINS = 10
SCORED_SPLITS = ("test", "score")


def assess(
    connection: duckdb.DuckDBPyConnection,
    model_version: str,
    *,
    resamples: int,
    seed: int,
) -> list[GateResult]:
    """Measure a trained version at every gate, on the warehouse as it is now.

    Parameters
    ----------
    resamples, seed
        Of the bootstrap against the champion.
    """
    evidence = Evidence(connection, model_version, resamples=resamples, seed=seed)
    results = []
    for gate in GATES:
        found: Measured | NotAssessedError
        try:
            found = CHECKS[gate.name](evidence)
        except NotAssessedError as why:
            found = why
        results.append(judge(gate, found))
    return results


def out_of_fold_auc(evidence: Evidence) -> Measured:
    """Look up what training measured."""
    row = evidence.connection.execute(
        "select roc_auc, row_count from model.candidate_metrics"
        " where training_fingerprint = ? and candidate = ? and split = ?",
        [evidence.origin.training_fingerprint, SCORECARD, TRAIN_OOF],
    ).fetchone()
    if row is None or row[0] is None:
        raise NotAssessedError("its training has left no out-of-fold AUC")
    return Measured(float(row[0]), f"{row[1]:,} rows of train")


def not_worse_than_champion(evidence: Evidence) -> Measured:
    """Resample the test customers; both cards see the same draws."""
    rival, rows = evidence.champion(), evidence.test_rows()
    drawn = bootstrap_auc(
        labels_of(rows),
        {"version": -evidence.card.score(rows), "champion": -rival.score(rows)},
        rows["customer_id"].to_numpy(dtype=object),
        resamples=evidence.resamples,
        seed=evidence.seed,
    )
    lower, upper = interval(drawn["version"] - drawn["champion"])
    if lower is None or upper is None:
        raise NotAssessedError("the test snapshot has one class only")
    return Measured(
        upper,
        f"{len(rows):,} rows of test {rows['snapshot_date'].max():%Y-%m-%d},"
        f" champion {rival.model_version},"
        f" difference of AUC [{lower:+.3f}, {upper:+.3f}]",
    )


def calibration_slope(evidence: Evidence) -> Measured:
    """Look up the slope that calibration found; the points have it folded in."""
    row = evidence.connection.execute(
        "select calibration_slope, calibration_intercept from model.scorecard"
        " where model_version = ?",
        [evidence.model_version],
    ).fetchone()
    if row is None:
        raise NotAssessedError("model.scorecard does not hold the version")
    return Measured(float(row[0]), f"intercept {row[1]:+.3f}")


def score_psi(evidence: Evidence) -> Measured:
    """Compare the scores of who is scored now with those of train, in tenths."""
    train, now = evidence.train_rows(), evidence.rows_of("score")
    index, noise = score_shift(evidence.card.score(train), evidence.card.score(now))
    return Measured(
        index,
        f"{len(now):,} customers at {now['snapshot_date'].max():%Y-%m-%d} against"
        f" {len(train):,} rows of train, noise band {noise:.3f}",
        noise=noise,
    )


def score_shift(expected: Floats, actual: Floats) -> tuple[float, float]:
    """Stability index over tenths of the expected scores, and its noise band.

    Examples
    --------
    >>> index, noise = score_shift(np.arange(100.0), np.arange(100.0) % 50)
    >>> index > noise
    True
    >>> score_shift(np.arange(100.0), np.arange(100.0))[0]
    0.0
    """
    edges = np.unique(np.quantile(expected, np.arange(1, SCORE_BINS) / SCORE_BINS))
    counts = [
        np.bincount(
            np.searchsorted(edges, scores, side="right"), minlength=len(edges) + 1
        ).astype(float)
        for scores in (expected, actual)
    ]
    return stability_index(*counts)


def monotone_grades(evidence: Evidence) -> Measured:
    """Compare the bad rates of neighbouring grades on test."""
    rows = evidence.test_rows()
    grades = evidence.card.grade(evidence.card.score(rows))
    fall, safer, riskier = largest_fall(
        grades, labels_of(rows), evidence.card.grades_in_order
    )
    where = f", from {safer} to {riskier}" if fall > 0 else ""
    return Measured(
        fall,
        f"{len(rows):,} rows of test {rows['snapshot_date'].max():%Y-%m-%d}{where}",
    )


def largest_fall(
    grades: npt.NDArray[np.object_], target: Target, order: Sequence[str]
) -> tuple[float, str, str]:
    """Largest fall of the bad rate to the next riskier grade, in standard errors.

    z = (p - q) / sqrt(r (1 - r) (1 / n + 1 / m)) with r the rate of both together.
    0 where rates never fall; a grade without rows has no rate.

    Examples
    --------
    >>> grades = np.repeat(np.array(["A", "B"], dtype=object), 100)
    >>> target = np.arange(200) % 100 < np.repeat([36, 16], 100)
    >>> fall, *where = largest_fall(grades, target, ("A", "B"))
    >>> round(fall, 3), where
    (3.224, ['A', 'B'])
    """
    found = [grade for grade in order if (grades == grade).any()]
    worst = (0.0, "", "")
    for safer, riskier in pairwise(found):
        one, other = target[grades == safer], target[grades == riskier]
        pooled = (one.sum() + other.sum()) / (len(one) + len(other))
        variance = pooled * (1 - pooled) * (1 / len(one) + 1 / len(other))
        if variance > 0:
            fall = float((one.mean() - other.mean()) / np.sqrt(variance))
            worst = max(worst, (fall, safer, riskier))
    return worst


def sql_is_python(evidence: Evidence) -> Measured:
    """Score test and score rows by a join in SQL, and by the card in Python."""
    rows = evidence.rows[evidence.rows["split"].isin(SCORED_SPLITS)]
    if not len(rows):
        raise NotAssessedError("there are no rows of split test or score")
    in_sql = scores_in_sql(evidence.connection, evidence.model_version, SCORED_SPLITS)
    difference = np.abs(in_sql - evidence.card.score(rows)).max()
    return Measured(float(difference), f"{len(rows):,} rows of test and score")


CHECKS: Mapping[str, Check] = {
    "out_of_fold_auc": out_of_fold_auc,
    "not_worse_than_champion": not_worse_than_champion,
    "calibration_slope": calibration_slope,
    "score_psi": score_psi,
    "monotone_grades": monotone_grades,
    "sql_is_python": sql_is_python,
}
