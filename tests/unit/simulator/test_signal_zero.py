"""At signal 0 nothing differs between customers or days, so nothing can be learnt.

If one of these fails, a model that learns from the simulator's construction, or from
a leak, can no longer be told from one that works.
"""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from simulator import Parameters, observed_outcomes, simulate
from simulator.activity import draw_activity
from simulator.outcomes import default_hazard
from simulator.population import BASE_DAILY_RATE, Population, draw_population

CUSTOMERS, DAYS = 20_000, 91
START = pd.Timestamp(Parameters.start_date, tz="UTC")


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """Transactions at signal 0 with customer index and day."""
    table = simulate(customers=CUSTOMERS, days=DAYS, seed=42, signal=0.0)
    frame: pd.DataFrame = table.to_pandas()
    frame["time"] = pd.to_datetime(frame["TransactionStartTime"])
    frame["day"] = (frame["time"] - START).dt.days
    number = frame["CustomerId"].astype(str).str.removeprefix("CustomerId_")
    frame["customer"] = number.astype(int) - 1
    return frame


@pytest.fixture(scope="module")
def population() -> Population:
    return draw_population(np.random.default_rng(7), 500, 0.0)


def by_customer_and_day(frame: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Count rows, shape (customers, days)."""
    cell = frame["customer"].to_numpy() * DAYS + frame["day"].to_numpy()
    return np.bincount(cell, minlength=CUSTOMERS * DAYS).reshape(CUSTOMERS, DAYS)


def correlation(left: npt.ArrayLike, right: npt.ArrayLike) -> float:
    return float(np.corrcoef(np.ravel(left), np.ravel(right))[0, 1])


def test_every_rate_is_the_same_number() -> None:
    population = draw_population(np.random.default_rng(7), 500, 0.0)
    activity = draw_activity(
        np.random.default_rng(8),
        population,
        start_date=date(2018, 11, 15),
        days=60,
        signal=0.0,
    )
    assert len(np.unique(activity.rate)) == 1
    assert activity.rate[0, 0] == pytest.approx(BASE_DAILY_RATE, rel=1e-12)
    assert len(np.unique(default_hazard(population, activity, 0.0))) == 1


@pytest.mark.parametrize(
    "trait",
    [
        *("log_rate", "log_spend", "weekend_taste", "credit_probability"),
        *("one_off", "known", "arrival"),
        *("category", "provider", "channel", "pricing_strategy"),
    ],
)
def test_customers_share_every_trait(population: Population, trait: str) -> None:
    values = getattr(population, trait)
    assert (values == values[0]).all()


def test_nobody_has_hours_of_their_own(population: Population) -> None:
    assert population.own_hours_share == 0.0


def test_daily_debits_are_poisson(rows: pd.DataFrame) -> None:
    count = by_customer_and_day(rows[rows["Amount"] > 0])
    observed = np.bincount(count.ravel(), minlength=4)
    observed = np.append(observed[:3], observed[3:].sum())
    probability = np.exp(-BASE_DAILY_RATE) * BASE_DAILY_RATE ** np.arange(3)
    probability /= [1, 1, 2]
    expected = count.size * np.append(probability, 1 - probability.sum())
    chi_square = ((observed - expected) ** 2 / expected).sum()
    assert chi_square < 16.3  # 99.9 % point of 3 degrees of freedom


def test_day_totals_differ_by_chance_only(rows: pd.DataFrame) -> None:
    total = by_customer_and_day(rows[rows["Amount"] > 0]).sum(axis=0)
    chi_square = ((total - total.mean()) ** 2 / total.mean()).sum()
    freedom = DAYS - 1
    assert abs(chi_square - freedom) < 3.5 * np.sqrt(2 * freedom)


def test_customer_totals_differ_by_chance_only(rows: pd.DataFrame) -> None:
    total = by_customer_and_day(rows[rows["Amount"] > 0]).sum(axis=1)
    dispersion = total.var() / total.mean()
    assert abs(dispersion - 1) < 3.5 * np.sqrt(2 / CUSTOMERS)


def test_halves_of_a_customer_are_uncorrelated(rows: pd.DataFrame) -> None:
    noise = 3.5 / np.sqrt(CUSTOMERS)
    count = by_customer_and_day(rows)
    assert abs(correlation(count[:, :45].sum(1), count[:, 45:].sum(1))) < noise
    halves = rows.assign(
        late=rows["day"] >= 45,
        log_value=np.log(rows["Value"]),
        airtime=rows["ProductCategory"] == "airtime",
        hour=rows["time"].dt.hour,
    )
    for column in ("log_value", "airtime", "hour"):
        mean = halves.pivot_table(index="customer", columns="late", values=column)
        both = mean.dropna().to_numpy(dtype=float)
        assert len(both) > CUSTOMERS / 2
        assert abs(correlation(both[:, 0], both[:, 1])) < 3.5 / np.sqrt(len(both))


def test_days_of_a_customer_are_uncorrelated(rows: pd.DataFrame) -> None:
    # A pair of debit and credit across midnight would show as correlation here.
    count = by_customer_and_day(rows)
    days = CUSTOMERS * (DAYS - 1)
    assert abs(correlation(count[:, :-1], count[:, 1:])) < 3.5 / np.sqrt(days)


def test_one_day_has_the_spend_of_another(rows: pd.DataFrame) -> None:
    debits = rows[rows["Amount"] > 0]
    log_value = np.log(debits["Value"])
    group = log_value.groupby(debits["day"])
    z = (group.mean() - log_value.mean()) / (log_value.std() / np.sqrt(group.size()))
    assert abs((z**2).sum() - DAYS) < 3.5 * np.sqrt(2 * DAYS)


@pytest.mark.parametrize(
    ("signal", "lowest", "highest"), [(0.0, 0.48, 0.52), (1.0, 0.75, 0.88)]
)
def test_inactivity_is_predictable_only_with_signal(
    signal: float, lowest: float, highest: float
) -> None:
    frame = simulate(customers=CUSTOMERS, seed=11, signal=signal).to_pandas()
    time = pd.to_datetime(frame["TransactionStartTime"])
    week = pd.Timedelta(days=28)
    end = START + pd.Timedelta(days=DAYS)
    past = (time >= end - 2 * week) & (time < end - week)
    future = set(frame.loc[time >= end - week, "CustomerId"])
    seen = time[past].groupby(frame.loc[past, "CustomerId"], observed=True)
    inactive = ~seen.size().index.isin(future)
    recency = -seen.max().astype("int64")
    assert 0.15 <= inactive.mean() <= 0.50
    for risk in (recency, -seen.size()):
        assert lowest < roc_auc_score(inactive, risk) < highest


def test_defaults_do_not_follow_activity() -> None:
    rows = simulate(customers=CUSTOMERS, seed=3, signal=0.0).to_pandas()
    count = rows.groupby("CustomerId", observed=True).size()
    defaulted = observed_outcomes(customers=CUSTOMERS, seed=3, signal=0.0)
    bad = count.index.isin(defaulted["CustomerId"].to_pylist())
    assert abs(correlation(bad, count)) < 3.5 / np.sqrt(len(count))
