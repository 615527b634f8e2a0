"""`python -m training audit`: both audits of a warehouse, and their report."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # ships none

from training.audit.document import Audit, Studied, as_json
from training.audit.leakage import (
    MOST_CUSTOMERS,
    Part,
    measure_designs,
    sampled,
    steps_of_designs,
)
from training.audit.names import (
    DATA,
    JSON_NAME,
    NO_SIGNAL,
    NO_SIGNAL_FOLDER,
    PICTURE_NAME,
    TEXT_NAME,
)
from training.audit.picture import picture_of
from training.audit.proxy import measure_proxy
from training.audit.report import as_markdown, leakage_lines
from training.examples import Examples, read_examples
from training.progress import Steps
from training.settings import Settings
from training.warehouse import open_warehouse

NO_SIGNAL_TITLE = "Nothing to predict"


def run_audit(settings: Settings) -> list[str]:
    """Audit the warehouse of DATA_DIR, and beside it that of identical customers.

    Writes ``reports/audit.json``, ``audit.md`` and ``leakage_audit.svg``.

    Returns
    -------
    list of str
        What to show at the end.

    Raises
    ------
    TrainingError
        With one line saying what is wrong, where, and what to do.
    """
    examples = _read(settings)
    if not settings.is_seed_given:
        settings = replace(settings, seed=examples.seed)
    proxy = measure_proxy(examples, settings)
    studied = {
        DATA: ("Simulated data" if proxy.is_simulated else "Your data", examples)
    }
    no_signal = replace(settings, data_dir=settings.data_dir / NO_SIGNAL_FOLDER)
    if no_signal.warehouse.is_file():
        studied[NO_SIGNAL] = (NO_SIGNAL_TITLE, _read(no_signal))
    audit = Audit(
        parameters_hash=examples.parameters_hash,
        seed=settings.seed,
        studied=_study(studied, settings),
        proxy=proxy,
    )
    document = as_json(audit)
    folder = settings.data_dir / "reports"
    _write(
        folder,
        {
            PICTURE_NAME: picture_of(document),
            TEXT_NAME: as_markdown(document, picture=PICTURE_NAME),
            # Last: who finds it finds the others.
            JSON_NAME: json.dumps(document, indent=2, allow_nan=False) + "\n",
        },
    )
    return [*leakage_lines(document), f"report: {folder / TEXT_NAME}"]


def _study(
    studied: Mapping[str, tuple[str, Examples]], settings: Settings
) -> list[Studied]:
    done = []
    # One thread for linear algebra: the order of a sum is part of the result.
    with (
        Steps.shown(len(studied) * steps_of_designs()) as steps,
        threadpool_limits(1),
    ):
        for name, (title, examples) in studied.items():
            kept = sampled(examples, most=MOST_CUSTOMERS, seed=settings.seed)
            parts = []
            for news in measure_designs(kept, settings):
                if isinstance(news, Part):
                    parts.append(news)
                else:
                    steps.begin(f"{title}, {news}")
            customers = kept.frame["customer_id"].nunique()
            done.append(Studied(name, title, customers, parts))
    return done


def _read(settings: Settings) -> Examples:
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        return read_examples(connection)


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    """Replace each file in one move."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        draft = folder / f".{name}.draft"
        draft.write_text(text, encoding="utf-8")
        draft.replace(folder / name)
