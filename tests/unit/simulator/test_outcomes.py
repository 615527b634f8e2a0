"""Observed defaults come from the latent risk and lie in the period."""

from datetime import date, timedelta

import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from simulator import Parameters, latent_creditworthiness, observed_outcomes, simulate


@pytest.mark.parametrize("days", [28, 91, 365])
@pytest.mark.parametrize("signal", [0.0, 1.0])
def test_defaults_are_plausible_and_inside_the_period(days: int, signal: float) -> None:
    outcomes = observed_outcomes(customers=5_000, days=days, signal=signal).to_pandas()
    assert outcomes["CustomerId"].is_unique
    assert 0.05 < len(outcomes) / 5_000 < 0.12
    assert outcomes["DefaultedAt"].min() >= Parameters.start_date
    assert outcomes["DefaultedAt"].max() < Parameters.start_date + timedelta(days=days)


def test_defaults_follow_the_latent_risk_only_with_signal() -> None:
    latent = latent_creditworthiness(customers=20_000).to_pandas()
    auc = {}
    for signal in (0.0, 1.0):
        outcomes = observed_outcomes(customers=20_000, signal=signal)
        bad = latent["CustomerId"].isin(outcomes["CustomerId"].to_pylist())
        auc[signal] = roc_auc_score(bad, -latent["Creditworthiness"])
    assert abs(auc[0.0] - 0.5) < 0.025
    assert auc[1.0] > 0.7


def test_only_known_customers_have_an_outcome_and_after_their_arrival() -> None:
    for signal in (0.0, 1.0):
        rows = simulate(customers=5_000, days=28, signal=signal).to_pandas()
        outcomes = observed_outcomes(customers=5_000, days=28, signal=signal)
        frame = outcomes.to_pandas()
        first = rows.groupby("CustomerId", observed=True)["TransactionStartTime"].min()
        assert frame["CustomerId"].isin(first.index).all()
        if signal == 1.0:
            arrived_late = first[first >= "2018-11-29"]
            late = frame.set_index("CustomerId")["DefaultedAt"]
            late = late[late.index.isin(arrived_late.index)]
            early = late[late < date(2018, 11, 22)]
            # Only customers here before, whose first visit comes late, may be early.
            assert len(early) < 0.1 * len(frame)
            assert len(late) > 0


def test_outcomes_do_not_change_the_transactions() -> None:
    before = simulate(customers=200)
    observed_outcomes(customers=200)
    pd.testing.assert_frame_equal(
        before.to_pandas(), simulate(customers=200).to_pandas()
    )
