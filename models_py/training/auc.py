"""An AUC with its interval by customer: the one way to say how sure it is."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.bootstrap import bootstrap_auc, interval
from training.metrics import Target, rank_metrics
from training.scorecard import Floats


@dataclass(frozen=True)
class Auc:
    """An area under the ROC curve with its interval; None where a class is absent."""

    auc: float | None
    lower: float | None
    upper: float | None


def with_interval(
    target: Target,
    risks: Mapping[str, Floats],
    customers: npt.NDArray[np.object_],
    *,
    resamples: int,
    seed: int,
) -> dict[str, Auc]:
    """AUC of each risk with its 95 % interval by customer, on the same resamples.

    Examples
    --------
    >>> target = np.array([True, False] * 50)
    >>> customers = np.arange(100).astype(object)
    >>> with_interval(target, {"sure": target * 1.0}, customers, resamples=9, seed=1)
    {'sure': Auc(auc=1.0, lower=1.0, upper=1.0)}
    """
    resampled = bootstrap_auc(target, risks, customers, resamples=resamples, seed=seed)
    measured = {}
    for name, risk in risks.items():
        auc = rank_metrics(target, risk)["roc_auc"]
        lower, upper = (None, None) if auc is None else interval(resampled[name])
        measured[name] = Auc(auc, lower, upper)
    return measured
