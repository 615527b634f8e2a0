"""Weight of evidence and information value: one sign everywhere, higher is safer."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from training.scorecard import Floats, Indices

WOE_DECIMALS = 12
ZERO_CELL = 0.5

Target = npt.NDArray[np.bool_]


def weight_of_evidence(
    goods: npt.ArrayLike, bads: npt.ArrayLike
) -> tuple[Floats, float]:
    """WoE of each bin, and the information value of all.

    WoE = ln((g / G) / (b / B)), higher is safer; IV = sum of (g/G - b/B) * WoE
    (Siddiqi 2006). A zero cell beside a non-zero one counts 0.5; a bin without
    rows has WoE 0.

    Parameters
    ----------
    goods, bads : array of shape (bins,)
        Rows by bin and class; each class has at least one row.

    Examples
    --------
    >>> woe, iv = weight_of_evidence([60, 40, 0], [20, 80, 0])
    >>> [round(float(value), 4) for value in woe], round(iv, 4)
    ([1.0986, -0.6931, 0.0], 0.7167)
    """
    good = np.asarray(goods, dtype=np.float64)
    bad = np.asarray(bads, dtype=np.float64)
    total_good, total_bad = good.sum(), bad.sum()
    if total_good <= 0 or total_bad <= 0:
        raise ValueError(
            f"both classes need rows; got {total_good:g} good, {total_bad:g} bad"
        )
    occupied = good + bad > 0
    good_share = np.where(occupied, np.maximum(good, ZERO_CELL), 1) / total_good
    bad_share = np.where(occupied, np.maximum(bad, ZERO_CELL), 1) / total_bad
    woe: Floats = np.where(occupied, np.log(good_share / bad_share), 0.0)
    # The last bits of a logarithm differ between processors.
    woe = np.round(woe, WOE_DECIMALS) + 0.0
    return woe, float(np.sum(np.where(occupied, good_share - bad_share, 0) * woe))


def cautious_weights(
    woe: Floats,
    rows: npt.NDArray[np.int64],
    *,
    catch_all: Sequence[int],
    smallest: float,
) -> Floats:
    """Weights of evidence that give nobody credit for what train hardly shows.

    A bin without train rows weighs as the worst bin that has some: leaving a value
    out must not pay. Missing and Other are not merged when they are small; with
    fewer than `smallest` rows they weigh at most 0, the evidence of nothing.

    Parameters
    ----------
    woe, rows : array of shape (bins,)
        At least one bin has rows.
    catch_all
        Indices of the bins Missing and Other.

    Examples
    --------
    >>> cautious_weights(np.array([0.0, 0.7, -0.4, 1.9]), np.array([0, 60, 38, 2]),
    ...                  catch_all=[0, 3], smallest=5).tolist()
    [-0.4, 0.7, -0.4, 0.0]
    """
    cautious = woe.copy()
    few = [index for index in catch_all if rows[index] < smallest]
    cautious[few] = np.minimum(woe[few], 0.0)
    cautious[rows == 0] = cautious[rows > 0].min()
    return cautious


def binned_information(index: Indices, target: Target) -> float:
    """Information value of rows in their bins; 0 if one class is absent.

    Examples
    --------
    >>> index = np.repeat([1, 2], [80, 120])
    >>> target = np.arange(200) % 100 < np.repeat([25, 67], [80, 120])
    >>> binned_information(index, target) > 0.1
    True
    """
    rows = np.bincount(index)
    events = np.bincount(index[target], minlength=len(rows))
    if not 0 < events.sum() < rows.sum():
        return 0.0
    return weight_of_evidence(rows - events, events)[1]
