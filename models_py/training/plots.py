"""The six pictures of a candidate on test, drawn the same way each time."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from training.fitting import Frozen
from training.metrics import Target, roc_curve
from training.scorecard import Floats

SIZE_INCHES = (4.8, 3.6)
DOTS_PER_INCH = 90
AXES_BOX = (0.16, 0.16, 0.8, 0.72)
CALIBRATION_GROUPS = 10
HISTOGRAM_BINS = 40
GOOD, BAD, PLAIN = "#1b7f79", "#b3402a", "#777777"


def draw(candidate: Frozen, target: Target, split: str, folder: Path) -> list[Path]:
    """Write one PNG per picture and return their paths.

    A picture that needs both classes is left out when one is absent.
    """
    paths = []
    both = bool(target.any() and not target.all())
    for name, plot in PLOTS.items():
        if not both and name in NEED_BOTH_CLASSES:
            continue
        figure = Figure(figsize=SIZE_INCHES, dpi=DOTS_PER_INCH)
        FigureCanvasAgg(figure)
        axes = figure.add_axes(AXES_BOX)
        plot(axes, candidate, target, split)
        axes.set_title(f"{candidate.name}, {split}: {name.replace('_', ' ')}")
        path = folder / f"{name}.png"
        figure.savefig(path, metadata={"Software": None})
        paths.append(path)
    return paths


def _roc(axes: Axes, candidate: Frozen, target: Target, split: str) -> None:
    curve = roc_curve(target, candidate.risk(split))
    axes.plot(curve.false_positive_rate, curve.true_positive_rate, color=BAD)
    axes.plot([0, 1], [0, 1], color=PLAIN, linestyle=":")
    axes.set_xlabel("share of low risk referred")
    axes.set_ylabel("share of high risk referred")


def _precision_recall(
    axes: Axes, candidate: Frozen, target: Target, split: str
) -> None:
    curve = roc_curve(target, candidate.risk(split))
    axes.plot(curve.true_positive_rate[1:], curve.precision, color=BAD)
    axes.axhline(float(target.mean()), color=PLAIN, linestyle=":")
    axes.set_xlabel("recall")
    axes.set_ylabel("precision")
    axes.set_ylim(0, 1.02)


def _kolmogorov_smirnov(
    axes: Axes, candidate: Frozen, target: Target, split: str
) -> None:
    curve = roc_curve(target, candidate.risk(split))
    gap = np.abs(curve.true_positive_rate - curve.false_positive_rate)
    widest = int(np.argmax(gap))
    shares = (curve.true_positives + curve.false_positives) / len(target)
    axes.plot(shares, curve.true_positive_rate, color=BAD, label="high risk")
    axes.plot(shares, curve.false_positive_rate, color=GOOD, label="low risk")
    axes.axvline(shares[widest], color=PLAIN, linestyle=":")
    axes.set_xlabel(f"share of rows, riskiest first (KS {gap[widest]:.3f})")
    axes.set_ylabel("cumulative share")
    axes.legend(frameon=False)


def _calibration(axes: Axes, candidate: Frozen, target: Target, split: str) -> None:
    if candidate.probabilities is None:
        return
    predicted, observed = calibration_groups(candidate.probabilities[split], target)
    axes.plot([0, 1], [0, 1], color=PLAIN, linestyle=":")
    axes.plot(predicted, observed, color=BAD, marker="o")
    axes.set_xlabel("mean predicted, by tenths of the rows")
    axes.set_ylabel("observed rate")


def _score_distribution(
    axes: Axes, candidate: Frozen, target: Target, split: str
) -> None:
    values = candidate.values[split]
    edges = np.linspace(
        values.min(), max(values.max(), values.min() + 1e-9), HISTOGRAM_BINS
    ).tolist()
    axes.hist(values[~target], edges, alpha=0.6, color=GOOD, label="low risk")
    axes.hist(values[target], edges, alpha=0.6, color=BAD, label="high risk")
    if candidate.cutoff is not None:
        axes.axvline(candidate.cutoff, color=PLAIN, linestyle=":", label="cut-off")
    axes.set_xlabel("score" if candidate.low_is_risky else "probability")
    axes.set_ylabel("rows")
    axes.legend(frameon=False)


def _confusion(axes: Axes, candidate: Frozen, target: Target, split: str) -> None:
    referred = candidate.referred(split)
    if referred is None:
        return
    counts = np.array(
        [[int((target == t)[referred == r].sum()) for r in (0, 1)] for t in (0, 1)]
    )
    axes.imshow(counts, cmap="Greys", vmin=0, vmax=2 * counts.max())
    for (row, column), count in np.ndenumerate(counts):
        axes.text(column, row, f"{count:,}", ha="center", va="center")
    axes.set_xticks([0, 1], ["approved", "referred"])
    axes.set_yticks([0, 1], ["low risk", "high risk"])


def calibration_groups(probability: Floats, target: Target) -> tuple[Floats, Floats]:
    """Mean prediction and observed rate in ten groups of equal size.

    Examples
    --------
    >>> predicted, observed = calibration_groups(
    ...     np.linspace(0, 1, 20), np.arange(20) >= 10)
    >>> observed.tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    """
    order = np.argsort(probability, kind="stable")
    groups = [g for g in np.array_split(order, CALIBRATION_GROUPS) if len(g)]
    predicted = np.array([probability[group].mean() for group in groups])
    return predicted, np.array([target[group].mean() for group in groups])


PLOTS: Mapping[str, Callable[[Axes, Frozen, Target, str], None]] = {
    "roc": _roc,
    "precision_recall": _precision_recall,
    "kolmogorov_smirnov": _kolmogorov_smirnov,
    "calibration": _calibration,
    "score_distribution": _score_distribution,
    "confusion": _confusion,
}
NEED_BOTH_CLASSES = {"roc", "precision_recall", "kolmogorov_smirnov"}
