"""The figures of the README, written from a run and never by hand.

`python -m pipeline readme` takes the last run of `DATA_DIR` and the answers of its
release, keeps both in ``tests/reference/readme.json``, and rewrites the marked blocks
of ``README.md``. Tests hold the blocks to the file, and a fresh run to the figures.
"""

import json
from pathlib import Path
from typing import Any

from pipeline.blocks import with_block
from pipeline.cards import Json
from pipeline.documents import figures_of, write_documents
from pipeline.settings import ROOT, Settings
from pipeline.summary import Report, read_report

README = ROOT / "README.md"
REFERENCE = ROOT / "tests" / "reference" / "readme.json"
COMMAND = (
    "python -m simulator --customers 3742 --days 91 --seed 42 --signal 1.0 "
    "--out data/simulated/transactions.parquet"
)
TIMES = ("trained_at", "promoted")
EXAMPLE_HOST = "http://127.0.0.1:8000"


def reference_of(report: Report, answers: list[Json]) -> Json:
    """Keep what the README shows of a run; not its times, which differ."""
    summary = {k: v for k, v in report.summary.items() if k != "seconds"}
    champion = summary["champion"]
    summary["champion"] = {k: v for k, v in champion.items() if k not in TIMES}
    return {
        "summary": summary,
        "circular_auc": report.details["circular_auc"],
        "answers": answers,
    }


def figures_block(reference: Json) -> str:
    """Table of the honest figures beside the circular one, as Markdown."""
    summary = reference["summary"]
    label = summary["label"]
    named = {**summary["candidates"], **summary["baselines"]}
    rows = [
        _row(name, entry, summary["champion"]["name"]) for name, entry in named.items()
    ]
    return "\n".join(
        [
            f"Simulated data, {summary['accepted']:,} transactions of "
            f"{summary['customers']:,} customers (`{COMMAND}`, then `make run`); "
            f"{summary['train_rows']:,} train and {summary['test_rows']:,} test rows, "
            f"{label['event_rate_test']:.1%} high risk on test, where the label equals "
            f"“bought nothing” in {label['agreement_with_inactivity']:.1%} of rows. "
            "These are figures of a simulator, not of customers.",
            "",
            "| out of time | AUC | 95 % interval | KS | Gini | Brier | AUC, unseen |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            "The usual design on the same file (label and features of one window, "
            "random rows, random forest) reports "
            f"**AUC {reference['circular_auc']:.3f}**.",
        ]
    )


def answers_block(reference: Json) -> str:
    """Every answer with the curl command that asks for it, as Markdown."""
    return "\n\n".join(
        f"```console\n$ {_curl(asked['path'], asked['body'])}\n"
        f"{json.dumps(asked['answer'], indent=2, ensure_ascii=False)}\n```"
        for asked in reference["answers"]
    )


def readme_text(text: str, reference: Json) -> str:
    """Return the README with both blocks written anew."""
    text = with_block(text, "figures", figures_block(reference))
    return with_block(text, "answers", answers_block(reference))


def write_readme(settings: Settings) -> list[Path]:
    """Rewrite README and documents from the last run of `settings`.

    The README shows simulated data alone, which everybody has; the documents also
    keep the figures of a run on raw data.

    Returns
    -------
    list of Path
        What was written.
    """
    report = read_report(settings)
    kind = report.summary["data"]
    written = write_documents(figures_of(settings, report), kind)
    if kind != "simulated":
        return written
    reference = reference_of(report, answers_of(settings))
    REFERENCE.parent.mkdir(parents=True, exist_ok=True)
    REFERENCE.write_text(
        json.dumps(reference, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    text = README.read_text(encoding="utf-8")
    README.write_text(readme_text(text, reference), encoding="utf-8")
    return [README, *written]


def answers_of(settings: Settings) -> list[Json]:
    """Ask the API for the first customer of each status, and by given features.

    Returns
    -------
    list of dict
        ``path``, ``body`` (null: a GET) and ``answer``.
    """
    import duckdb
    from litestar.testing import TestClient

    from api.app import create_app
    from api.settings import Settings as ApiSettings

    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        (scored,), (not_scored,) = connection.execute(
            "select min(customer_id) from marts.fct_customer_scores"
            " group by status order by status desc"
        ).fetchall()
        row = connection.execute(
            "select * exclude (customer_id, snapshot_date, split, parameters_hash)"
            " from marts.fct_customer_features"
            " where split = 'score' and customer_id = ?",
            [scored],
        ).fetchall()[0]
    features = [round(v, 2) if isinstance(v, float) else v for v in row]
    asked: list[tuple[str, Any]] = [
        (f"/customers/{scored}/score", None),
        (f"/customers/{not_scored}/score", None),
        ("/predict", features),
    ]
    with TestClient(create_app(ApiSettings(data_dir=settings.data_dir))) as client:
        return [
            {
                "path": path,
                "body": body,
                "answer": (
                    client.get(path) if body is None else client.post(path, json=body)
                ).json(),
            }
            for path, body in asked
        ]


def _curl(path: str, body: Any) -> str:  # noqa: ANN401 (any JSON)
    if body is None:
        return f"curl {EXAMPLE_HOST}{path}"
    return (
        f"curl {EXAMPLE_HOST}{path} -H 'Content-Type: application/json' \\\n"
        f"    -d '{json.dumps(body)}'"
    )


def _row(name: str, entry: Json, champion: str) -> str:
    test, unseen = entry["test"], entry.get("test_unseen") or {}
    lower, upper = test["roc_auc_ci"]
    shown = f"**{name}** (champion)" if name == champion else name
    cells = (
        f"{test['roc_auc']:.3f}",
        f"{lower:.3f} to {upper:.3f}",
        f"{test['ks']:.3f}",
        f"{test['gini']:.3f}",
        _decimal(test["brier"]),
        _decimal(unseen.get("roc_auc")),
    )
    return f"| {' | '.join((shown, *cells))} |"


def _decimal(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
