"""Basel's retail formulas, for an example: no input of theirs is estimated here.

Source: Basel Framework CRE31, other retail exposures (Basel II, June 2006,
paragraph 330): probability of default (PD) and loss given default (LGD) as shares,
exposure at default (EAD) in currency.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

NORMAL = NormalDist()
CONFIDENCE = 0.999
LEAST_CORRELATION, MOST_CORRELATION, DECAY = 0.03, 0.16, 35.0
RISK_WEIGHT_FACTOR, CAPITAL_SHARE = 12.5, 0.08


@dataclass(frozen=True)
class Capital:
    """What follows from PD, LGD and EAD."""

    correlation: float
    requirement: float
    risk_weighted_assets: float
    capital: float
    expected_loss: float


def retail_capital(
    *,
    probability_of_default: float,
    loss_given_default: float,
    exposure_at_default: float,
) -> Capital:
    """Capital of an "other retail" exposure.

    R = 0.03 w + 0.16 (1 - w) with w = (1 - e^(-35 PD)) / (1 - e^(-35)),
    K = LGD N((G(PD) + sqrt(R) G(0.999)) / sqrt(1 - R)) - PD LGD,
    RWA = 12.5 K EAD, capital = 8 % RWA, EL = PD LGD EAD.

    Raises
    ------
    ValueError
        If PD is not within (0, 1), LGD not within [0, 1], or EAD negative.

    Examples
    --------
    The illustrative risk weight of Basel II, annex 5, for PD 1 % and LGD 45 %:

    >>> one = retail_capital(probability_of_default=0.01, loss_given_default=0.45,
    ...                      exposure_at_default=100.0)
    >>> round(one.risk_weighted_assets, 2)
    45.77
    """
    pd, lgd, ead = probability_of_default, loss_given_default, exposure_at_default
    if not 0 < pd < 1:
        raise ValueError(f"probability_of_default is {pd:g}; it is within (0, 1)")
    if not 0 <= lgd <= 1:
        raise ValueError(f"loss_given_default is {lgd:g}; it is within [0, 1]")
    if ead < 0:
        raise ValueError(f"exposure_at_default is {ead:g}; it is 0 or more")
    weight = (1 - math.exp(-DECAY * pd)) / (1 - math.exp(-DECAY))
    correlation = LEAST_CORRELATION * weight + MOST_CORRELATION * (1 - weight)
    stressed = NORMAL.cdf(
        (NORMAL.inv_cdf(pd) + math.sqrt(correlation) * NORMAL.inv_cdf(CONFIDENCE))
        / math.sqrt(1 - correlation)
    )
    requirement = lgd * stressed - pd * lgd
    assets = RISK_WEIGHT_FACTOR * requirement * ead
    return Capital(
        correlation=correlation,
        requirement=requirement,
        risk_weighted_assets=assets,
        capital=CAPITAL_SHARE * assets,
        expected_loss=pd * lgd * ead,
    )
