"""What the table shows of a size, and the bars that the project set itself."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from tests.benchmarks.workbench import Json

MILLION = 1_000_000
GB = 1e9
_FEATURES = "features_seconds"


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A limit, and the sizes it is for: from `rows` up, or only that one."""

    limit: float
    rows: int = MILLION
    is_for_one_size: bool = False
    sense: Literal["at most", "at least"] = "at most"

    def is_for(self, rows: int) -> bool:
        """Whether a size is held to it.

        Examples
        --------
        >>> [Bar(limit=2).is_for(rows) for rows in (95_662, 1_000_000, 10_000_000)]
        [False, True, True]
        """
        return rows == self.rows if self.is_for_one_size else rows >= self.rows

    def is_met(self, value: float) -> bool:
        """Whether a value keeps it."""
        return value <= self.limit if self.sense == "at most" else value >= self.limit

    def text(self, unit: str) -> str:
        """Say it.

        Examples
        --------
        >>> Bar(limit=1.5, rows=10_000_000).text("times")
        'at most 1.5 times from 10 million rows'
        """
        word = "at" if self.is_for_one_size else "from"
        return (
            f"{self.sense} {self.limit:g} {unit} {word} {self.rows // MILLION} "
            "million rows"
        )


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the table.

    Attributes
    ----------
    value
        Of a size and the next smaller one; KeyError where a step was not taken.
    """

    title: str
    unit: str
    value: Callable[[Json, Json], float]
    bar: Bar | None = None

    def of(self, size: Json, smaller: Json) -> float | None:
        """Return the value, None where there is none."""
        try:
            return self.value(size, smaller)
        except KeyError:
            return None


def lines() -> list[Line]:
    """Return the lines of the table, in order."""
    return [
        Line(title="transactions", unit="", value=lambda s, _: s["rows"]),
        Line(title="customers", unit="", value=lambda s, _: s["customers"]),
        Line(title="snapshots", unit="", value=lambda s, _: len(s["snapshots"])),
        _seconds("simulator", "simulate", bar=_simulator_bar(180)),
        _peak("simulator", "simulate", bar=_simulator_bar(8)),
        *_landing("Parquet", "parquet"),
        *_landing("CSV", "csv"),
        _seconds("dbt start-up", "models", "start_up_seconds"),
        _seconds("dbt models", "models"),
        _seconds("dbt models, until the features are there", "models", _FEATURES),
        _seconds("(a) hand-written query, summed over snapshots", "query"),
        _ratio(
            "dbt models / (a)",
            "models",
            "query",
            bar=Bar(limit=1.5, rows=10 * MILLION),
        ),
        Line(
            title="landing and dbt models / (a)",
            unit="times",
            value=lambda s, _: _landed_and_built(s) / s["steps"]["query"]["seconds"],
        ),
        _seconds("dbt tests", "tests"),
        _seconds("new week, all models", "week"),
        _seconds("new week, until its features are there", "week", _FEATURES),
        *(
            Line(
                title=f"{title} / one (a)",
                unit="times",
                value=partial(_week_over_one_query, key=key),
                bar=Bar(limit=1.5),
            )
            for title, key in (
                ("new week's features", _FEATURES),
                ("new week, all models", "seconds"),
            )
        ),
        _seconds("(b) pandas as usual", "pandas_usual"),
        _ratio(
            "(b) / dbt models",
            "pandas_usual",
            "models",
            bar=Bar(limit=20, sense="at least"),
        ),
        _seconds("pandas, vectorised", "pandas_vectorised"),
        _ratio("pandas, vectorised / dbt models", "pandas_vectorised", "models"),
        Line(
            title="landing and models, ten times the rows",
            unit="times",
            value=_growth,
            bar=Bar(limit=11),
        ),
        *(
            _peak(title, step, bar=Bar(limit=6, rows=100 * MILLION))
            for title, step in (
                ("landing", "landing_parquet"),
                ("dbt models", "models"),
                ("dbt tests", "tests"),
            )
        ),
        _peak("(a)", "query"),
        _peak("(b)", "pandas_usual"),
    ]


def _simulator_bar(limit: float) -> Bar:
    return Bar(limit=limit, rows=25 * MILLION, is_for_one_size=True)


def _seconds(
    title: str, step: str, key: str = "seconds", bar: Bar | None = None
) -> Line:
    return Line(
        title=title, unit="s", value=lambda s, _: float(s["steps"][step][key]), bar=bar
    )


def _ratio(title: str, step: str, over: str, bar: Bar | None = None) -> Line:
    def value(size: Json, smaller: Json) -> float:
        del smaller
        steps = size["steps"]
        return float(steps[step]["seconds"] / steps[over]["seconds"])

    return Line(title=title, unit="times", value=value, bar=bar)


def _peak(title: str, step: str, bar: Bar | None = None) -> Line:
    def value(size: Json, smaller: Json) -> float:
        del smaller
        return float(size["steps"][step]["peak_bytes"] / GB)

    return Line(title=f"peak memory, {title}", unit="GB", value=value, bar=bar)


def _landing(title: str, kind: str) -> list[Line]:
    return [
        _seconds(f"landing, {title}", f"landing_{kind}"),
        _ratio(
            f"landing, {title} / plain `create table as select`",
            f"landing_{kind}",
            f"plain_table_{kind}",
            bar=Bar(limit=2),
        ),
    ]


def _week_over_one_query(size: Json, smaller: Json, *, key: str) -> float:
    """Time of a new week over the hand-written query for the newest snapshot."""
    del smaller
    per_snapshot = size["steps"]["query"]["per_snapshot"]
    return float(size["steps"]["week"][key] / per_snapshot[max(per_snapshot)])


def _landed_and_built(size: Json) -> float:
    steps = size["steps"]
    return float(steps["landing_parquet"]["seconds"] + steps["models"]["seconds"])


def _growth(size: Json, smaller: Json) -> float:
    """Time over the time of the smaller size, brought to ten times the rows."""
    times = _landed_and_built(size) / _landed_and_built(smaller)
    return float(10 * times / (size["rows"] / smaller["rows"]))
