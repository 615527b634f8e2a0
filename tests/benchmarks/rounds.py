"""How often a step is measured, and which of its runs counts."""

from collections.abc import Callable, Mapping

from tests.benchmarks.workbench import Json, Measured

ROUNDS = 3
LONG_SECONDS = 120.0


def in_turns(
    ways: Mapping[str, Callable[[], Measured]], rounds: int
) -> dict[str, list[Measured]]:
    """Take each way once, then each again: a busy moment does not hit one alone.

    What takes longer than two minutes is not repeated.

    Examples
    --------
    >>> order = []
    >>> def way(name, seconds):
    ...     order.append(name)
    ...     return Measured(seconds=seconds, peak_bytes=0)
    >>> ways = {"a": lambda: way("a", 1.0), "b": lambda: way("b", 200.0)}
    >>> [len(runs) for runs in in_turns(ways, rounds=2).values()], order
    ([2, 1], ['a', 'b', 'a'])
    """
    taken: dict[str, list[Measured]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            if not taken[name] or taken[name][0].seconds < LONG_SECONDS:
                taken[name].append(way())
    return taken


def summary(taken: list[Measured]) -> Json:
    """Describe a step by its middle run, its memory by the largest.

    Examples
    --------
    >>> runs = [Measured(seconds=s, peak_bytes=int(s)) for s in (9.0, 2.0, 3.0)]
    >>> summary(runs)
    {'seconds': 3.0, 'runs': [9.0, 2.0, 3.0], 'peak_bytes': 9}
    """
    middle = sorted(taken, key=lambda one: one.seconds)[(len(taken) - 1) // 2]
    return {
        "seconds": middle.seconds,
        "runs": [one.seconds for one in taken],
        "peak_bytes": max(one.peak_bytes for one in taken),
        **middle.details,
    }
