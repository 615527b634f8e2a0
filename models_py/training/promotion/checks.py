"""The measurement behind each gate, and all of them for a version."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import duckdb
import numpy as np

from training.bootstrap import bootstrap_auc, interval
from training.calibration import calibration_line
from training.candidates import SCORECARD
from training.promotion.evidence import Evidence, GradeCount, labels_of
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
) -> list[GateResult]:
    """Measure a trained version at every gate, on the warehouse as it is now.

    Parameters
    ----------
    resamples
        Of the bootstrap against the champion, with the seed of the training.
    """
    evidence = Evidence(connection, model_version, resamples=resamples)
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
    """Look up what training measured, after a search without the luck of the choice."""
    row = evidence.connection.execute(
        "select roc_auc, row_count, trials, roc_auc_corrected"
        " from model.candidate_metrics"
        " where training_fingerprint = ? and candidate = ? and split = ?",
        [evidence.origin.training_fingerprint, SCORECARD, TRAIN_OOF],
    ).fetchone()
    if row is None or row[0] is None:
        raise NotAssessedError("its training has left no out-of-fold AUC")
    auc, rows, trials, corrected = row
    detail = f"{rows:,} rows of train"
    if trials is None:
        return Measured(float(auc), detail)
    if corrected is None:
        raise NotAssessedError(f"the AUC of the best of {trials} trials is uncorrected")
    return Measured(
        float(corrected),
        f"{detail}, corrected for choosing the best of {trials} trials: {auc:.3f}",
    )


def not_worse_than_champion(evidence: Evidence) -> Measured:
    """Resample the test customers; both cards see the same draws."""
    rival, rows = evidence.champion(), evidence.test_rows()
    drawn = bootstrap_auc(
        labels_of(rows),
        {"version": -evidence.card.score(rows), "champion": -rival.score(rows)},
        rows["customer_id"].to_numpy(dtype=object),
        resamples=evidence.resamples,
        seed=evidence.origin.seed,
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


def calibration_slope_on_test(evidence: Evidence) -> Measured:
    """Measure the calibrated card on rows that nothing was fitted to."""
    rows, card = evidence.test_rows(), evidence.card
    line = calibration_line(
        (card.offset - card.score(rows)) / card.factor,
        labels_of(rows),
        rows["customer_id"].to_numpy(dtype=object),
    )
    if line is None:
        raise NotAssessedError("the test snapshot has one class or one score only")
    return Measured(
        line.slope,
        f"{len(rows):,} rows of test {rows['snapshot_date'].max():%Y-%m-%d},"
        f" 95 % [{line.slope_lower:.3f}, {line.slope_upper:.3f}]",
        interval=(line.slope_lower, line.slope_upper),
    )


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
    """Compare the bad rates of neighbouring grades on test, and out of fold."""
    rows = evidence.test_rows()
    grades = evidence.card.grade(evidence.card.score(rows))
    target = labels_of(rows)
    on_test = [
        (grade, int((grades == grade).sum()), int(target[grades == grade].sum()))
        for grade in evidence.card.grades_in_order
    ]
    out_of_fold = evidence.grades_out_of_fold()
    fall, safer, riskier, split = max(
        (*largest_fall(on_test), "test"), (*largest_fall(out_of_fold), TRAIN_OOF)
    )
    where = f", from {safer} to {riskier} on {split}" if fall > 0 else ""
    return Measured(
        fall,
        f"{len(rows):,} rows of test {rows['snapshot_date'].max():%Y-%m-%d},"
        f" {sum(count for _, count, _ in out_of_fold):,} of train out of fold{where}",
    )


def largest_grade(evidence: Evidence) -> Measured:
    """Find the grade with most train rows, out of fold."""
    grades = evidence.grades_out_of_fold()
    total = sum(count for _, count, _ in grades)
    name, most, _ = max(grades, key=lambda grade: grade[1])
    return Measured(most / total, f"grade {name}, {total:,} rows of train")


def largest_fall(grades: Sequence[GradeCount]) -> tuple[float, str, str]:
    """Largest fall of the bad rate to the next riskier grade, in standard errors.

    z = (p - q) / sqrt(r (1 - r) (1 / n + 1 / m)) with r the rate of both together.
    0 where rates never fall; a grade without rows has no rate.

    Parameters
    ----------
    grades
        Name, rows and bads of each grade, the safest first.

    Examples
    --------
    >>> fall, *where = largest_fall([("A", 100, 36), ("B", 100, 16)])
    >>> round(fall, 3), where
    (3.224, ['A', 'B'])
    """
    worst = (0.0, "", "")
    for (safer, n, d), (riskier, m, e) in pairwise(g for g in grades if g[1]):
        pooled = (d + e) / (n + m)
        variance = pooled * (1 - pooled) * (1 / n + 1 / m)
        if variance > 0:
            fall = (d / n - e / m) / math.sqrt(variance)
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
    "calibration_slope_on_test": calibration_slope_on_test,
    "score_psi": score_psi,
    "monotone_grades": monotone_grades,
    "largest_grade": largest_grade,
    "sql_is_python": sql_is_python,
}
