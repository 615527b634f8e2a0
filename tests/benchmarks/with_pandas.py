"""The pandas yardsticks: the 26 features of each snapshot and the label.

`usual` is written as one does: built-in aggregates where pandas has them, a lambda for
each customer where it has not. `vectorised` is what an expert makes of it: no Python
code per customer. Both are held to the rows of the mart.
"""

import time

import duckdb
import numpy as np
import pandas as pd

from tests.benchmarks.warehouse import require_same_features
from tests.benchmarks.workbench import Json

COLUMNS = [
    "CustomerId",
    "TransactionStartTime",
    "Amount",
    "ProductCategory",
    "ChannelId",
    "PricingStrategy",
]
MAINS = {
    "main_product_category": "ProductCategory",
    "main_channel": "ChannelId",
    "main_pricing_strategy": "PricingStrategy",
}
CATEGORIES = ("airtime", "financial_services", "utility_bill")
DAY = pd.Timedelta(days=1)


def features_and_label(
    *, parquet: str, snapshots: dict[str, str], warehouse: str, style: str
) -> Json:
    """Time features of every snapshot and the label; check the last snapshot.

    Returns
    -------
    dict
        ``seconds`` of the computation; ``read_seconds`` of the file before it.
    """
    started = time.monotonic()
    rows = pd.read_parquet(parquet, columns=COLUMNS)
    rows["time"] = pd.to_datetime(rows["TransactionStartTime"]).dt.tz_localize(None)
    rows["PricingStrategy"] = rows["PricingStrategy"].astype(str)
    rows["value"] = rows["Amount"].abs()
    read = time.monotonic()
    features = {
        date: STYLES[style](_window(rows, date, -28), pd.Timestamp(date))
        for date in snapshots
    }
    _label(rows, features, snapshots)
    done = time.monotonic()
    last = max(snapshots)
    with duckdb.connect() as connection:
        connection.register(f"pandas_{style}", features[last].reset_index())
        require_same_features(
            connection,
            relation=f"pandas_{style}",
            warehouse=warehouse,
            snapshot=last,
        )
    return {"seconds": done - read, "read_seconds": read - started}


def usual(window: pd.DataFrame, snapshot: pd.Timestamp) -> pd.DataFrame:
    """Features as a notebook has them; index customer_id, one column each."""
    window = window.assign(
        recent=window["value"].where(window["time"] >= snapshot - 7 * DAY, 0),
        late=window["value"].where(window["time"] >= snapshot - 14 * DAY, 0),
    )
    features = window.groupby("CustomerId").agg(
        first=("time", "min"),
        last=("time", "max"),
        transaction_count=("value", "size"),
        total_value=("value", "sum"),
        avg_value=("value", "mean"),
        std_value=("value", "std"),
        min_value=("value", "min"),
        max_value=("value", "max"),
        median_value=("value", "median"),
        net_amount=("Amount", "sum"),
        credit_share=("Amount", lambda amounts: (amounts < 0).mean()),
        active_days=("time", lambda times: times.dt.date.nunique()),
        night_share=(
            "time",
            lambda times: ((times.dt.hour >= 22) | (times.dt.hour < 6)).mean(),
        ),
        weekend_share=("time", lambda times: (times.dt.dayofweek >= 5).mean()),
        transaction_count_7d=(
            "time",
            lambda times: (times >= snapshot - 7 * DAY).sum(),
        ),
        value_7d=("recent", "sum"),
        transaction_count_trend=(
            "time",
            lambda times: (times >= snapshot - 14 * DAY).mean(),
        ),
        late_value=("late", "sum"),
        product_category_count=("ProductCategory", "nunique"),
        airtime_share=("ProductCategory", lambda c: (c == "airtime").mean()),
        financial_services_share=(
            "ProductCategory",
            lambda c: (c == "financial_services").mean(),
        ),
        utility_bill_share=("ProductCategory", lambda c: (c == "utility_bill").mean()),
        main_product_category=("ProductCategory", lambda c: c.mode().iloc[0]),
        main_channel=("ChannelId", lambda c: c.mode().iloc[0]),
        main_pricing_strategy=("PricingStrategy", lambda c: c.mode().iloc[0]),
    )
    return _derived(features, snapshot)


def vectorised(window: pd.DataFrame, snapshot: pd.Timestamp) -> pd.DataFrame:
    """The same without a line of Python per customer."""
    time_of_day = window["time"].dt.hour
    window = window.assign(
        is_credit=window["Amount"] < 0,
        is_night=(time_of_day >= 22) | (time_of_day < 6),
        is_weekend=window["time"].dt.dayofweek >= 5,
        is_recent=window["time"] >= snapshot - 7 * DAY,
        is_late=window["time"] >= snapshot - 14 * DAY,
        day=window["time"].dt.normalize(),
        **{name: window["ProductCategory"] == name for name in CATEGORIES},
    )
    window = window.assign(
        recent=window["value"] * window["is_recent"],
        late=window["value"] * window["is_late"],
    )
    by_customer = window.groupby("CustomerId")
    features = by_customer.agg(
        first=("time", "min"),
        last=("time", "max"),
        transaction_count=("value", "size"),
        total_value=("value", "sum"),
        avg_value=("value", "mean"),
        std_value=("value", "std"),
        min_value=("value", "min"),
        max_value=("value", "max"),
        median_value=("value", "median"),
        net_amount=("Amount", "sum"),
        credit_share=("is_credit", "mean"),
        active_days=("day", "nunique"),
        night_share=("is_night", "mean"),
        weekend_share=("is_weekend", "mean"),
        transaction_count_7d=("is_recent", "sum"),
        value_7d=("recent", "sum"),
        transaction_count_trend=("is_late", "mean"),
        late_value=("late", "sum"),
        product_category_count=("ProductCategory", "nunique"),
        **{f"{name}_share": (name, "mean") for name in CATEGORIES},
    )
    for main, column in MAINS.items():
        counts = window.groupby(["CustomerId", column]).size().reset_index(name="n")
        ordered = counts.sort_values(["n", column], ascending=[False, True])
        features[main] = ordered.drop_duplicates("CustomerId").set_index("CustomerId")[
            column
        ]
    return _derived(features, snapshot)


STYLES = {"usual": usual, "vectorised": vectorised}


def _derived(features: pd.DataFrame, snapshot: pd.Timestamp) -> pd.DataFrame:
    """Turn first and last times into days, late value into its share."""
    between = _days(features["last"] - features["first"])
    gaps = (features["transaction_count"] - 1).replace(0, np.nan)
    total = features["total_value"].replace(0, np.nan)
    return (
        features.assign(
            recency_days=_days(snapshot - features["last"]),
            tenure_days=_days(snapshot - features["first"]),
            avg_gap_days=between / gaps,
            value_trend=features["late_value"] / total,
        )
        .drop(columns=["first", "last", "late_value"])
        .rename_axis("customer_id")
    )


def _label(
    rows: pd.DataFrame, features: dict[str, pd.DataFrame], snapshots: dict[str, str]
) -> pd.Series:
    """Cluster RFM of the outcome windows; True is the least engaged of three."""
    from sklearn.cluster import KMeans
    from sklearn.preprocessing import StandardScaler

    rfm = pd.concat(
        {
            split: _outcome(rows, features[date].index, date)
            for date, split in snapshots.items()
            if split in ("train", "embargo", "test")
        }
    )
    scaler = StandardScaler().fit(rfm.loc["train"])
    points = scaler.transform(rfm)
    kmeans = KMeans(n_clusters=3, n_init=10, random_state=42)
    kmeans.fit(scaler.transform(rfm.loc["train"]))
    engagement = kmeans.cluster_centers_ @ np.array([-1, 1, 1])
    return pd.Series(kmeans.predict(points) == engagement.argmin(), index=rfm.index)


def _outcome(rows: pd.DataFrame, customers: pd.Index, date: str) -> pd.DataFrame:
    window = _window(rows, date, 28)
    end = pd.Timestamp(date) + 28 * DAY
    rfm = window.groupby("CustomerId").agg(
        recency=("time", "max"), frequency=("value", "size"), monetary=("value", "sum")
    )
    rfm["recency"] = _days(end - rfm["recency"])
    missing = {"recency": 28.0, "frequency": 0, "monetary": 0}
    return rfm.reindex(customers).fillna(missing).apply(np.log1p)


def _days(between: pd.Series) -> pd.Series:
    days: pd.Series = between.dt.total_seconds() / 86400
    return days


def _window(rows: pd.DataFrame, date: str, days: int) -> pd.DataFrame:
    first, end = sorted([pd.Timestamp(date), pd.Timestamp(date) + days * DAY])
    return rows[(rows["time"] >= first) & (rows["time"] < end)]
