"""The figures as a table with the bars beside them: on the terminal, in the README."""

from collections.abc import Iterator
from pathlib import Path

from pipeline.blocks import with_block
from pipeline.settings import ROOT
from tests.benchmarks.bars import MILLION, Bar, Line, lines
from tests.benchmarks.readme_table import aligned, keep
from tests.benchmarks.workbench import Json

REFERENCE = ROOT / "tests" / "reference" / "bench_pipeline.json"
BLOCK = "speed"
SCORED_A_SECOND = Bar(limit=MILLION, sense="at least")


def judged(document: Json) -> list[Json]:
    """Return every value that has a bar, with whether it is met."""
    verdicts = [
        {
            "rows": rows,
            "what": line.title,
            "value": value,
            "bar": line.bar.text(line.unit),
            "is_met": line.bar.is_met(value),
        }
        for line in lines()
        for rows, value in _values(line, document)
        if line.bar and value is not None and line.bar.is_for(rows)
    ]
    if document["scoring"]:
        verdicts += [
            {
                "rows": document["scoring"]["customers"],
                "what": f"customers scored a second, {where}",
                "value": rate,
                "bar": f"at least {MILLION:,}",
                "is_met": SCORED_A_SECOND.is_met(rate),
            }
            for where, rate in _rates(document["scoring"]).items()
        ]
    return verdicts


def table_text(document: Json) -> str:
    """Table, scoring and machine for the terminal."""
    return aligned(_cells(document), _words(document))


def speed_block(document: Json) -> str:
    """Table, scoring and machine as Markdown."""
    if not document["sizes"]:
        return "Not measured yet."
    header, *rest = (f"| {' | '.join(row)} |" for row in _cells(document))
    rule = "|---" * (len(document["sizes"]) + 2) + "|"
    return "\n".join([_words(document), "", header, rule, *rest])


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
        target="bench-pipeline",
    )


def _values(line: Line, document: Json) -> Iterator[tuple[int, float | None]]:
    """Yield a line's value of each size, smallest first."""
    smaller: Json = {}
    for rows in sorted(map(int, document["sizes"])):
        size = document["sizes"][str(rows)]
        yield rows, line.of(size, smaller)
        if "rows" in size:  # it was built, not simulated only
            smaller = size


def _cells(document: Json) -> list[list[str]]:
    """Return header and lines that have a value; a judged one says how it did."""
    sizes = sorted(map(int, document["sizes"]))
    table = [["", *(f"{rows:,} rows" for rows in sizes), "bar"]]
    for line in lines():
        shown = [_cell(line, rows, value) for rows, value in _values(line, document)]
        if any(shown):
            bar = line.bar.text(line.unit) if line.bar else ""
            table.append([line.title, *shown, bar])
    return table


def _cell(line: Line, rows: int, value: float | None) -> str:
    if value is None:
        return ""
    digits = 0 if not line.unit or value >= 100 else 1 if value >= 10 else 2
    text = f"{value:,.{digits}f} {line.unit}".strip()
    if line.bar and line.bar.is_for(rows):
        return f"{text}, {_verdict(line.bar, value)}"
    return text


def _verdict(bar: Bar, value: float) -> str:
    return "met" if bar.is_met(value) else "**missed**"


def _words(document: Json) -> str:
    on = document["machine"]
    days = sorted({size["measured_at"][:10] for size in document["sizes"].values()})
    versions = ", ".join(f"{name} {number}" for name, number in on["versions"].items())
    measured = f"Measured on {' and '.join(days)}, " if days else "Measured "
    words = [
        f"{measured}simulated data, {on['cores']} cores of {on['processor']}, "
        f"{on['memory_gb']} GB of memory, {on['system']}, {versions}, DuckDB's "
        f"memory_limit {document['memory_limit']}. What is compared took turns: "
        "landing and the plain table, models and (a), the two of pandas. Each was run "
        "three times where it takes less than two minutes, and the middle counts; so "
        "was the new week, by itself, where the build before it takes less. The "
        "simulator and dbt's tests ran once. (a) reads the text timestamps of the file "
        "anew for each snapshot, landing did it once before the models: both together "
        "are a line of their own. (a) is features only; all models are labels and "
        "their audit too."
    ]
    if document["scoring"]:
        words.append(_scoring_words(document["scoring"]))
    return "\n\n".join(words)


def _rates(scoring: Json) -> dict[str, float]:
    """Customers a second."""
    return {
        where: float(scoring["customers"] / scoring[key])
        for where, key in (("in memory", "seconds"), ("stored", "stored_seconds"))
    }


def _scoring_words(scoring: Json) -> str:
    seconds, others = scoring["seconds"], scoring["optbinning_seconds"]
    in_memory, stored = (
        f"{rate:,.0f} a second ({_verdict(SCORED_A_SECOND, rate)})"
        for rate in _rates(scoring).values()
    )
    return (
        f"Batch scoring in SQL, with the points of each of the "
        f"{scoring['features_in_card']} features of the card: "
        f"{scoring['customers']:,} rows, {scoring['distinct_customers']:,} customers "
        f"repeated, in memory in {seconds:.2f} s, {in_memory}; written to a database "
        f"file in {scoring['stored_seconds']:.2f} s, {stored}. The bar is at least "
        f"{MILLION:,} a second. OptBinning's `Scorecard.score`, the sum alone, in "
        f"memory, takes {others / seconds:.1f} times as long as the first on the same "
        f"rows ({others:.2f} s). The independent form, unpivot and join, "
        "agrees on every score to 1e-9 and takes "
        f"{scoring['independent_form_seconds']:.1f} s."
    )
