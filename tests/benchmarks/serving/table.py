"""The figures as a table with the bars beside them: on the terminal, in the README."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.blocks import with_block
from pipeline.settings import ROOT
from tests.benchmarks.readme_table import aligned, keep
from tests.benchmarks.workbench import Json

REFERENCE = ROOT / "tests" / "reference" / "bench_api.json"
BLOCK = "speed-api"
MB = 1e6


@dataclass(frozen=True, kw_only=True)
class Line:
    """A figure; ``limit`` is what the project set itself, if anything."""

    title: str
    value: Callable[[Json], float]
    text: str
    limit: float | None = None
    is_at_least: bool = True

    def of(self, document: Json) -> float | None:
        """Return the value, None where it was not measured."""
        try:
            return self.value(document)
        except KeyError:
            return None

    def is_met(self, value: float) -> bool:
        """Whether a value keeps the limit, if there is one."""
        if self.limit is None:
            return True
        return value >= self.limit if self.is_at_least else value <= self.limit

    def bar(self) -> str:
        """Say the limit."""
        if self.limit is None:
            return ""
        sense = "at least" if self.is_at_least else "at most"
        return f"{sense} {self.text.format(self.limit)}"


TITLES = {
    "empty": "empty Litestar handler",
    "score": "`GET /customers/{id}/score`",
    "decision": "`POST /decisions`, flushed to disk",
    "forest": "FastAPI and a scikit-learn forest, `/predict`",
}


def lines() -> list[Line]:
    """Return the lines of the table, in order."""
    return [
        *(line for kind, title in TITLES.items() for line in _of_kind(kind, title)),
        Line(
            title="score / empty handler, throughput",
            value=lambda d: _rate(d, "score") / _rate(d, "empty"),
            text="{:.0%}",
            limit=0.65,
        ),
        Line(
            title="score / empty handler, p99",
            value=lambda d: (
                _middle(d, "score", "p99_ms") / _middle(d, "empty", "p99_ms")
            ),
            text="{:.1f} times",
            limit=3,
            is_at_least=False,
        ),
        Line(
            title="decision / empty handler, throughput",
            value=lambda d: _rate(d, "decision") / _rate(d, "empty"),
            text="{:.0%}",
            limit=0.25,
        ),
        Line(
            title="`POST /scores`",
            value=lambda d: _rate(d, "scores") * d["ids_in_a_list"],
            text="{:,.0f} customers/s",
            limit=20_000,
        ),
        Line(
            title="score / FastAPI and forest, throughput",
            value=lambda d: _rate(d, "score") / _rate(d, "forest"),
            text="{:.0f} times",
            limit=50,
        ),
        Line(
            title="cold start to ready",
            value=lambda d: float(d["seconds_to_ready"]),
            text="{:.2f} s",
            limit=1.5,
            is_at_least=False,
        ),
        Line(
            title="resident memory of the worker after the load",
            value=lambda d: float(d["resident_bytes"] / MB),
            text="{:.0f} MB",
            limit=350,
            is_at_least=False,
        ),
    ]


def judged(document: Json) -> list[Json]:
    """Return every value that has a bar, with whether it is met."""
    return [
        {
            "what": line.title,
            "value": value,
            "bar": line.bar(),
            "is_met": line.is_met(value),
        }
        for line in lines()
        if line.limit is not None and (value := line.of(document)) is not None
    ]


def table_text(document: Json) -> str:
    """Table and machine for the terminal."""
    return aligned(_cells(document), _words(document))


def speed_block(document: Json) -> str:
    """Table and machine as Markdown."""
    rows = (f"| {' | '.join(row)} |" for row in _cells(document))
    return "\n".join([_words(document), "", "| | | bar |", "|---|---|---|", *rows])


def readme_text(text: str, document: Json) -> str:
    """Return the README with the block written anew."""
    return with_block(text, BLOCK, speed_block(document))


def write_readme(report: Path) -> Path:
    """Keep a report as the reference and write it into the README.

    Raises
    ------
    PipelineError
        Nothing has been measured.
    """
    return keep(
        report,
        reference=REFERENCE,
        rewrite=readme_text,
        target="bench-api",
    )


def _of_kind(kind: str, title: str) -> list[Line]:
    return [
        Line(title=title, value=lambda d: _rate(d, kind), text="{:,.0f} requests/s"),
        *(
            Line(
                title=f"{title}, {name}",
                value=lambda d, name=name: _middle(d, kind, f"{name}_ms"),  # type: ignore[misc]
                text="{:.1f} ms",
            )
            for name in ("p50", "p99")
        ),
    ]


def _rate(document: Json, kind: str) -> float:
    return _middle(document, kind, "rate")


def _p99(document: Json, kind: str) -> float:
    return _middle(document, kind, "p99_ms")


def _middle(document: Json, kind: str, name: str) -> float:
    """Return the middle of the rounds."""
    values = sorted(float(one[name]) for one in document["loads"][kind])
    return values[(len(values) - 1) // 2]


def _cells(document: Json) -> list[list[str]]:
    table = []
    for line in lines():
        value = line.of(document)
        if value is None:
            continue
        text = line.text.format(value)
        if line.limit is not None:
            text += ", met" if line.is_met(value) else ", **missed**"
        table.append([line.title, text, line.bar()])
    return table


def _words(document: Json) -> str:
    on = document["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in on["versions"].items())
    rounds = len(document["loads"]["empty"])
    return (
        f"Measured on {document['measured_at'][:10]}, a release of "
        f"{document['customers']:,} simulated customers, one worker, "
        f"{document['connections']} keep-alive connections, random ids, "
        f"{document['seconds']:.0f} s a load, {rounds} rounds in turn of which the "
        f"middle counts; server and load generator share {on['cores']} cores of "
        f"{on['processor']}, {on['system']}, {versions}. `POST /scores` has "
        f"{document['ids_in_a_list']:,} ids in a request and one connection."
    )
