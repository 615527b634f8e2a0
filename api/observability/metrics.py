"""Counts of one process, and their text for Prometheus.

The counts are plain numbers, changed on the event loop alone. With several workers
each has its own, and a scrape meets one of them: the label `worker` keeps the series
apart, so that none ever runs backwards; sum over it.
"""

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

# The framework adds the charset.
MEDIA_TYPE: Final = "text/plain; version=0.0.4"
# Upper ends of the latency histogram in seconds; the last bucket has none.
BOUNDS: Final = (
    *(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05),
    *(0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
Labels = Mapping[str, str]
Sample = tuple[str, Labels, float]

# By action; written where a score is computed or a decision is recorded.
SCORES: Final[Counter[str]] = Counter()
DECISIONS: Final[Counter[str]] = Counter()


def known_method(method: str) -> str:
    """Return the method, or other: a caller can make up any.

    Examples
    --------
    >>> known_method("GET"), known_method("CustomerId_1")
    ('GET', 'other')
    """
    return method if method in METHODS else "other"


@dataclass(slots=True)
class _Timing:
    """Durations of one route, method and status."""

    seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))


class RequestMetrics:
    """Number and duration of requests, by route, method and status.

    Examples
    --------
    >>> metrics = RequestMetrics()
    >>> metrics.add("/ready", "GET", 200, seconds=0.002)
    >>> [value for _, labels, value in metrics.counts()]
    [1.0]
    """

    def __init__(self) -> None:
        self._timings: dict[tuple[str, str, int], _Timing] = {}

    def add(self, route: str, method: str, status: int, *, seconds: float) -> None:
        """Count an answered request."""
        key = (route, method, status)
        timing = self._timings.get(key)
        if timing is None:
            timing = self._timings[key] = _Timing()
        timing.seconds += seconds
        timing.buckets[bisect_left(BOUNDS, seconds)] += 1

    def counts(self) -> Iterator[Sample]:
        """Give the number of requests."""
        for (route, method, status), timing in sorted(self._timings.items()):
            labels = {"route": route, "method": method, "status": str(status)}
            yield "", labels, float(sum(timing.buckets))

    def durations(self) -> Iterator[Sample]:
        """Give the histogram of seconds, over all statuses."""
        merged: dict[tuple[str, str], _Timing] = {}
        for (route, method, _), timing in sorted(self._timings.items()):
            total = merged.setdefault((route, method), _Timing())
            total.seconds += timing.seconds
            total.buckets = [
                sum(pair) for pair in zip(total.buckets, timing.buckets, strict=True)
            ]
        for (route, method), timing in merged.items():
            labels = {"route": route, "method": method}
            ends = [*map(str, BOUNDS), "+Inf"]
            for end, count in zip(ends, accumulate(timing.buckets), strict=True):
                yield "_bucket", {**labels, "le": end}, float(count)
            yield "_sum", labels, timing.seconds
            yield "_count", labels, float(sum(timing.buckets))


@dataclass(frozen=True, slots=True)
class Family:
    """Samples of one name: the suffix of each, its labels and its value."""

    name: str
    kind: str
    help: str
    samples: Iterable[Sample]


def exposition(families: Iterable[Family]) -> bytes:
    r"""Write families in Prometheus' text format, version 0.0.4.

    The format is a page long, and prometheus_client would take 50 ms of each start.
    <https://prometheus.io/docs/instrumenting/exposition_formats/>

    Examples
    --------
    >>> family = Family("b_info", "gauge", "Built.", [("", {"a": 'x"y'}, 1.0)])
    >>> print(exposition([family]).decode().replace(str(os.getpid()), "7"), end="")
    # HELP b_info Built.
    # TYPE b_info gauge
    b_info{a="x\"y",worker="7"} 1.0
    """
    worker = str(os.getpid())
    lines = []
    for family in families:
        lines.append(f"# HELP {family.name} {family.help}\n")
        lines.append(f"# TYPE {family.name} {family.kind}\n")
        for suffix, labels, value in family.samples:
            written = ",".join(
                f'{name}="{_escaped(text)}"'
                for name, text in {**labels, "worker": worker}.items()
            )
            lines.append(f"{family.name}{suffix}{{{written}}} {value!r}\n")
    return "".join(lines).encode()


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
