"""The rows: schema, shape and determinism."""

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from simulator import Parameters, iterate_chunks, latent_creditworthiness, simulate
from simulator import chunks as chunks_module
from simulator import parameters as parameters_module
from simulator.activity import MOMENTUM_SPREAD, WEEKLY_MEMORY, draw_momentum
from simulator.tables import TRANSACTION_SCHEMA

XENTE_COLUMNS = [
    *("TransactionId", "BatchId", "AccountId", "SubscriptionId", "CustomerId"),
    *("CurrencyCode", "CountryCode", "ProviderId", "ProductId", "ProductCategory"),
    *("ChannelId", "Amount", "Value", "TransactionStartTime", "PricingStrategy"),
    "FraudResult",
]


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return simulate()


@pytest.fixture(scope="module")
def rows(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    frame["time"] = pd.to_datetime(frame["TransactionStartTime"])
    return frame


def test_columns_are_those_of_xente(table: pa.Table) -> None:
    assert table.column_names == XENTE_COLUMNS
    assert table.schema == TRANSACTION_SCHEMA
    assert all(column.null_count == 0 for column in table.columns)


def test_ids_have_their_shape_and_are_unique(rows: pd.DataFrame) -> None:
    assert rows["TransactionId"].is_unique
    for name in ("TransactionId", "BatchId", "AccountId", "SubscriptionId"):
        assert rows[name].astype(str).str.fullmatch(rf"{name}_\d+").all()
    customers = rows["CustomerId"].astype(str).unique()
    assert set(customers) == {f"CustomerId_{number + 1}" for number in range(3_742)}
    assert rows["PricingStrategy"].isin([0, 1, 2, 4]).all()


def test_default_size_is_near_the_rebuilt_file(rows: pd.DataFrame) -> None:
    assert 0.85 * 95_662 < len(rows) < 1.15 * 95_662


def test_rows_are_in_order_of_time_within_the_period(rows: pd.DataFrame) -> None:
    text = rows["TransactionStartTime"]
    assert text.str.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").all()
    assert text.is_monotonic_increasing
    assert rows["time"].dt.date.min() == date(2018, 11, 15)
    assert rows["time"].dt.date.max() == date(2019, 2, 13)


def test_amounts_fit_decimal_18_4(rows: pd.DataFrame) -> None:
    amount = rows["Amount"]
    assert (amount != 0).all()
    assert (amount == amount.round(4)).all()
    assert amount.abs().max() < 1e14
    assert (rows["Value"] == np.ceil(amount.abs())).all()


def test_credits_follow_their_debit_minutes_later_the_same_day(
    rows: pd.DataFrame,
) -> None:
    debits = rows[rows["Amount"] > 0].set_index("BatchId")
    credits_ = rows[rows["Amount"] < 0].set_index("BatchId")
    parent = debits.loc[credits_.index]
    assert debits.index.is_unique
    assert credits_.index.is_unique
    assert (
        parent["CustomerId"].astype(str) == credits_["CustomerId"].astype(str)
    ).all()
    delay = (credits_["time"] - parent["time"]).dt.total_seconds()
    assert (delay > 0).all()
    assert 60 < delay.median() < 600
    assert (credits_["time"].dt.date == parent["time"].dt.date).all()
    share = -credits_["Amount"] / parent["Amount"]
    assert (share < 1).all()
    assert share.median() < 0.2


def test_shape_at_signal_one(rows: pd.DataFrame) -> None:
    count = rows.groupby("CustomerId", observed=True).size()
    debit = rows.loc[rows["Amount"] > 0, "Amount"]
    assert 0.37 < (rows["Amount"] < 0).mean() < 0.43
    assert 0.001 < rows["FraudResult"].mean() < 0.003
    assert (count == 1).sum() > 300
    assert count.max() > 2_000
    assert 4 <= count.median() <= 9
    # Heavy tail: the top hundredth of debits holds more than a third of the money.
    assert debit[debit >= debit.quantile(0.99)].sum() > debit.sum() / 3
    assert 2_000 < debit.median() < 4_500
    category = rows["ProductCategory"].value_counts(normalize=True)
    assert 0.6 < category["financial_services"] < 0.75
    assert 0.2 < category["airtime"] < 0.35


def test_hours_and_weekdays_have_a_rhythm(rows: pd.DataFrame) -> None:
    hour = rows["time"].dt.hour
    assert hour.between(10, 15).mean() > 3 * hour.between(0, 5).mean()
    # Friday, over customers rather than rows, where giants would decide.
    debits = rows[rows["Amount"] > 0]
    buyers = debits.groupby(debits["time"].dt.day_of_week)["CustomerId"].count()
    assert buyers.idxmax() == 4


def test_customers_arrive_and_leave(rows: pd.DataFrame) -> None:
    day = (rows["time"] - rows["time"].min().normalize()).dt.days
    span = day.groupby(rows["CustomerId"], observed=True).agg(["min", "max", "size"])
    arrivals = np.histogram(span["min"], bins=[28, 42, 56, 70, 84])[0]
    assert (arrivals > 300).all()
    regular = span[(span["size"] >= 20) & (span["min"] < 21)]
    assert 0.1 < (regular["max"] < 63).mean() < 0.5


def test_the_safer_buy_more_and_stay_longer(rows: pd.DataFrame) -> None:
    latent = latent_creditworthiness().to_pandas().set_index("CustomerId")
    by_customer = rows.groupby("CustomerId", observed=True).agg(
        count=("Amount", "size"), median=("Value", "median"), last=("time", "max")
    )
    by_customer["last"] = by_customer["last"].astype("int64")
    truth = latent.loc[by_customer.index.astype(str), "Creditworthiness"]
    by_customer["latent"] = truth.to_numpy()
    correlation = by_customer.corr(method="spearman")["latent"]
    assert correlation["count"] > 0.15
    assert correlation["median"] > 0.2
    assert correlation["last"] > 0.15


def test_latent_is_standard_normal() -> None:
    latent = latent_creditworthiness(customers=50_000, seed=5)["Creditworthiness"]
    values = latent.to_numpy()
    assert abs(values.mean()) < 4 / np.sqrt(50_000)
    assert abs(values.std() - 1) < 4 / np.sqrt(100_000)


def test_momentum_is_stationary() -> None:
    momentum = draw_momentum(np.random.default_rng(1), 40_000, 6, 1.0)
    np.testing.assert_allclose(momentum.std(axis=0), MOMENTUM_SPREAD, rtol=0.02)
    correlation = np.corrcoef(momentum.T)
    np.testing.assert_allclose(np.diag(correlation, 1), WEEKLY_MEMORY, atol=0.01)
    np.testing.assert_allclose(np.diag(correlation, 3), WEEKLY_MEMORY**3, atol=0.02)


def test_more_signal_is_more_difference() -> None:
    spread = [
        simulate(customers=2_000, signal=signal)
        .to_pandas()
        .groupby("CustomerId", observed=True)
        .size()
        .apply(np.log)
        .std()
        for signal in (0.0, 0.5, 1.0)
    ]
    assert spread[0] < spread[1] < spread[2]


def test_seed_decides_the_rows() -> None:
    assert simulate(customers=50).equals(simulate(customers=50))
    assert not simulate(customers=50).equals(simulate(customers=50, seed=43))


def test_ids_stay_unique_over_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = simulate(customers=100)
    for module in (parameters_module, chunks_module):
        monkeypatch.setattr(module, "CUSTOMERS_PER_CHUNK", 100)
    chunks = list(iterate_chunks(Parameters(customers=250)))
    assert [chunk.transactions.equals(alone) for chunk in chunks] == [
        True,
        False,
        False,
    ]
    rows = pa.concat_tables([chunk.transactions for chunk in chunks]).to_pandas()
    assert rows["TransactionId"].is_unique
    assert rows["CustomerId"].nunique() == 250
    pairs = rows.groupby("BatchId")["CustomerId"].nunique()
    assert pairs.max() == 1
    latent = latent_creditworthiness(customers=250)["Creditworthiness"].to_pylist()
    assert len(set(latent)) == 250


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"customers": 0}, "customers is 0; it must be at least 1"),
        ({"days": 0}, "days is 0; it must be from 1 to 1830"),
        ({"days": 1_831}, "days is 1831"),
        ({"seed": -1}, "seed is -1"),
        ({"signal": -0.1}, "signal is -0.1; it must be from 0 to 2"),
        ({"signal": float("nan")}, "signal is nan"),
        ({"start_date": date(1999, 12, 31)}, "start date is 1999-12-31"),
    ],
)
def test_what_is_out_of_range_is_refused(
    values: dict[str, float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        simulate(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("signal", [0.0, 1.0, 2.0])
def test_the_smallest_simulation_works(signal: float) -> None:
    table = simulate(customers=1, days=1, signal=signal)
    assert table.column_names == XENTE_COLUMNS
