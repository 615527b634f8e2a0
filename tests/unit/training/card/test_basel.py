"""Basel's formulas against the weights that Basel II itself prints."""

import pytest

from training.card.basel import retail_capital


@pytest.mark.parametrize(
    ("probability", "risk_weight"),
    [(0.0005, 6.63), (0.01, 45.77), (0.02, 57.99), (0.05, 66.42), (0.10, 75.54)],
)
def test_illustrative_risk_weights_of_other_retail(
    probability: float, risk_weight: float
) -> None:
    """Basel II, June 2006, annex 5: LGD 45 %, per 100 of exposure."""
    capital = retail_capital(
        probability_of_default=probability,
        loss_given_default=0.45,
        exposure_at_default=100.0,
    )
    assert round(capital.risk_weighted_assets, 2) == risk_weight
    assert capital.capital == pytest.approx(0.08 * capital.risk_weighted_assets)
    assert capital.expected_loss == pytest.approx(45 * probability)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"probability_of_default": 1.0}, "probability_of_default is 1"),
        ({"loss_given_default": 1.5}, "loss_given_default is 1.5"),
        ({"exposure_at_default": -1.0}, "exposure_at_default is -1"),
    ],
)
def test_what_is_no_share_is_refused(changed: dict[str, float], said: str) -> None:
    inputs = {
        "probability_of_default": 0.05,
        "loss_given_default": 0.45,
        "exposure_at_default": 1.0,
    }
    with pytest.raises(ValueError, match=said):
        retail_capital(**{**inputs, **changed})
