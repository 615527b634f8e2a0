"""The figures of the documents in dbt_project/docs, written from runs.

`python -m pipeline readme` keeps the figures of the last run of `DATA_DIR` in
``tests/reference/documents.json``, under the kind of its data, and rewrites the
marked blocks of the documents. A test holds the blocks to the file, another a fresh
run to the figures.
"""

import json
from pathlib import Path

import duckdb

from pipeline.blocks import MARKDOWN_COMMENT, with_block
from pipeline.cards import Json
from pipeline.document_tables import BLOCKS, RUNS
from pipeline.queries import rows
from pipeline.settings import ROOT, Settings
from pipeline.summary import Report
from training.card.queries import LABEL_COMPARISONS, LABEL_STABILITY
from training.card.score_outcomes import read_score_comparisons

DOCUMENTS = ROOT / "dbt_project" / "docs"
REFERENCE = ROOT / "tests" / "reference" / "documents.json"

OF_THE_SUMMARY = (
    *("accepted", "customers", "train_rows", "test_rows", "label"),
    *("candidates", "baselines"),
)
QUERIES = {
    "audit": """
        select
            cast(snapshot_date as varchar) as snapshot,
            split,
            event_rate,
            agreement_with_inactivity
        from marts.fct_label_audit
        order by snapshot_date
    """,
    "clusters": """
        select
            cluster,
            round(recency_days, 6) as recency_days,
            round(transaction_count, 6) as transaction_count,
            row_share,
            inactive_rate
        from marts.fct_label_clusters
        order by cluster
    """,
    "stability": LABEL_STABILITY,
    "price": """
        with newest as (
            select training_fingerprint
            from model.training_runs
            inner join model.champion using (model_version)
            order by trained_at desc
            limit 1
        )

        select
            compared.split,
            compared.row_count,
            compared.gini_difference,
            compared.gini_difference_lower,
            compared.gini_difference_upper
        from model.candidate_comparisons as compared
        inner join newest using (training_fingerprint)
        where
            compared.candidate = 'scorecard'
            and compared.compared_with = 'xgboost'
        order by compared.split
    """,
    "costs": """
        select
            training.type_1_error_cost,
            training.type_2_error_cost,
            measured.cost_of_errors
        from model.candidate_metrics as measured
        inner join model.training_runs as training using (training_fingerprint)
        inner join model.champion using (model_version)
        where measured.split = 'test' and measured.candidate = 'scorecard'
        order by training.trained_at desc
        limit 1
    """,
    "comparisons": LABEL_COMPARISONS,
}

# The training that speaks for the champion.
NEWEST = """
    select
        model_version,
        seed
    from model.training_runs
    inner join model.champion using (model_version)
    order by trained_at desc
    limit 1
"""


def figures_of(settings: Settings, report: Report) -> Json:
    """Take from a run what the documents show."""
    summary = report.summary
    champion = summary["champion"]
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        label = {name: rows(connection, query) for name, query in QUERIES.items()}
        (newest,) = rows(connection, NEWEST)
        label["score_comparisons"] = read_score_comparisons(
            connection, newest["model_version"], seed=newest["seed"]
        )
    return {
        **{name: summary[name] for name in OF_THE_SUMMARY},
        "card": {name: champion[name] for name in ("name", "test", "gain")},
        "circular_auc": report.details["circular_auc"],
        **label,
    }


def write_documents(figures: Json, kind: str) -> list[Path]:
    """Keep the figures of a run, rewrite the documents and return their paths."""
    reference = {**read_reference(), kind: figures}
    ordered = {name: reference[name] for name in RUNS if name in reference}
    text = json.dumps(ordered, indent=2, ensure_ascii=False)
    REFERENCE.write_text(text + "\n", encoding="utf-8")
    for path in documents_with_figures():
        written = document_text(path.read_text(encoding="utf-8"), path.name, ordered)
        path.write_text(written, encoding="utf-8")
    return documents_with_figures()


def read_reference() -> Json:
    """Figures by kind of data; empty before the first run."""
    if not REFERENCE.exists():
        return {}
    reference: Json = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return reference


def documents_with_figures() -> list[Path]:
    """List the documents that have a block."""
    return [DOCUMENTS / name for name in sorted(BLOCKS)]


def document_text(text: str, name: str, reference: Json) -> str:
    """Return a document with its block written anew."""
    # With blank lines, lest a table takes the marker after it for a row.
    content = f"\n{BLOCKS[name](reference)}\n"
    return with_block(text, "figures", content, of=name, marker=MARKDOWN_COMMENT)
