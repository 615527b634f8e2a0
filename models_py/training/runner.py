"""One training run: read, train, log to MLflow, write the tables, set the alias.

In this order, so that a run that is stopped anywhere leaves nothing a later one
trips over: an MLflow run without tables is repeated, tables are written all or
none, and an alias that was not set is set by the next run.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from training.done import Done, done_file, write_done
from training.errors import TooLittleDataError, TrainingError
from training.examples import Examples, read_examples
from training.fingerprints import Parts, git_revision, training_parts
from training.model_tables import canonical_hash
from training.progress import Steps
from training.promotion.ledger import (
    Champion,
    PriorRun,
    champion_of,
    find_run,
    is_of_other_data,
    landed_kind,
    read_champion,
)
from training.promotion.mirror import (
    forget_mirror,
    mirror_champion,
    registry_is_filled,
)
from training.settings import STRATIFIED, Settings
from training.spaces import NONE
from training.splits import IN_TIME, TEST, TRAIN, Splits, splits_of
from training.warehouse import open_warehouse

if TYPE_CHECKING:
    from training.evaluation import Evaluation
    from training.fitting import Frozen, Problem

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Start:
    """What a run finds: examples, splits, fingerprints, champion, an equal run.

    `settings` are the run's, with the seed of the build where none was given.
    """

    settings: Settings
    examples: Examples
    splits: Splits
    parts: Parts
    fingerprint: str
    champion: Champion | None
    prior: PriorRun | None
    data_kind: str


def run(settings: Settings) -> list[str]:
    """Train if anything changed; the lines to show at the end.

    Raises
    ------
    TrainingError
        With one line saying what is wrong, where, and what to do.
    """
    if settings.audit:
        return _train(read_start(settings))
    done_file(settings.data_dir).unlink(missing_ok=True)
    try:
        start = read_start(settings)
    except TooLittleDataError as error:
        champion = _champion_to_go_on_with(settings)
        if champion is None:
            raise
        logger.warning(
            "%s; not trained: scoring goes on with champion %s",
            error,
            champion.model_version,
        )
        write_done(settings.data_dir, Done(None, str(error)))
        return []
    if start.prior is None or not registry_is_filled(settings):
        return _train(start)
    write_done(settings.data_dir, Done(start.fingerprint, None))
    mirror_champion(settings, start.champion)
    prior, champion = start.prior, start.champion
    return [
        f"unchanged: examples, parameters, code and seed are those of model"
        f" {prior.model_version} (registered version {prior.registered_version});"
        f" champion {champion.model_version if champion else 'none'}"
    ]


def _champion_to_go_on_with(settings: Settings) -> Champion | None:
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        champion = read_champion(connection, settings.model_name)
        if champion is None or is_of_other_data(connection, champion.model_version):
            return None
    return champion


def read_start(settings: Settings) -> Start:
    """Read everything a run needs, and close the warehouse."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        examples = read_examples(connection)
        if not settings.is_seed_given:
            settings = replace(settings, seed=examples.seed)
        parts = training_parts(settings, examples)
        fingerprint = canonical_hash(parts)
        champion = read_champion(connection, settings.model_name)
        prior = find_run(connection, fingerprint, settings.model_name)
        data_kind = landed_kind(connection)
    splits = splits_of(examples.frame, settings)
    return Start(
        settings, examples, splits, parts, fingerprint, champion, prior, data_kind
    )


def _train(start: Start) -> list[str]:
    # These take seconds to import, which an unchanged run need not wait for.
    from threadpoolctl import (  # type: ignore[import-untyped] # ships none
        threadpool_limits,
    )

    from training.candidates import BASELINES, CANDIDATES
    from training.evaluation import evaluate
    from training.fitting import Problem, train_candidates
    from training.report import summary_lines
    from training.search import search

    settings = start.settings
    problem = Problem(
        examples=start.examples,
        target=start.examples.frame[settings.label].to_numpy(dtype=bool),
        splits=start.splits,
        settings=settings,
    )
    names = [*CANDIDATES, *BASELINES]
    frozen: dict[str, Frozen] = {}
    # One thread for linear algebra: the order of a sum is part of the result.
    with (
        Steps.shown(len(CANDIDATES) + (3 if settings.search == NONE else 4)) as steps,
        threadpool_limits(1),
    ):
        if settings.search != NONE:
            steps.begin("search")
            problem = replace(problem, trials=search(problem, steps.count))
        trained = train_candidates(problem)
        for name in names:
            if name in CANDIDATES:
                steps.begin(name)
            frozen[name] = next(trained)
        steps.begin("evaluation")
        evaluation = evaluate(problem, frozen)
        lines = [*summary_lines(evaluation), "", f"Features: {problem.stability.note}."]
        if settings.audit:
            heading = [IN_TIME] if settings.split == STRATIFIED else []
            return [*heading, *lines, f"{settings.audit}: nothing was written"]
        steps.begin("MLflow")
        outcome = _record(problem, start, frozen, evaluation, steps)
    return [*lines, outcome]


def _record(
    problem: "Problem",
    start: Start,
    frozen: "Mapping[str, Frozen]",
    evaluation: "Evaluation",
    steps: Steps,
) -> str:
    """MLflow first, then the tables, then the alias."""
    from training.built_from import read_built_from
    from training.candidates import CHALLENGER, SCORECARD
    from training.challenger import explain
    from training.circular import (
        CIRCULAR,
        CIRCULAR_KIND,
        RANDOM_ROWS,
        circular_metrics,
    )
    from training.promotion.command import promote_first
    from training.selection import selection_rows
    from training.tables import TrainedRun, write_run
    from training.tracking import log_run

    settings, tables = problem.settings, frozen[SCORECARD].tables
    if tables is None:
        raise TrainingError("the scorecard has no tables")
    origin = {
        "model_version": tables.model_version,
        "training_fingerprint": start.fingerprint,
        "dataset_fingerprint": canonical_hash(start.parts["dataset"]),
        "parameters_hash": start.examples.parameters_hash,
        "code_fingerprint": start.parts["code"],
        "seed": settings.seed,
        "dbt_invocation_id": start.examples.dbt_invocation_id,
        "git_revision": git_revision(),
        "trained_by": settings.trained_by,
    }
    selection = selection_rows(
        frozen[SCORECARD].estimator.fitted, problem.stability, settings.policy
    )
    registered = log_run(problem, frozen, evaluation, selection, origin)
    steps.begin("tables")
    record = {
        **origin,
        "trained_at": datetime.now(UTC).replace(tzinfo=None),
        "mlflow_run_id": registered.mlflow_run_id,
        "registered_name": settings.model_name,
        "registered_version": registered.registered_version,
        "inputs": json.dumps(start.parts),
        "built_from": json.dumps(read_built_from(settings)),
        "data_kind": start.data_kind,
        "stability_note": problem.stability.note,
        "parameters": json.dumps(
            {name: candidate.parameters for name, candidate in frozen.items()}
        ),
        **_measured_on(problem, evaluation),
    }
    test_rows = problem.splits.rows[TEST]
    keys = problem.examples.frame[["customer_id", "snapshot_date"]].iloc[test_rows]
    trained = TrainedRun(
        record=record,
        tables=tables,
        selection=selection,
        metrics={
            **evaluation.metrics,
            CIRCULAR: {RANDOM_ROWS: circular_metrics(problem)},
        },
        kinds={
            **{name: candidate.kind for name, candidate in frozen.items()},
            CIRCULAR: CIRCULAR_KIND,
        },
        challenger=explain(
            frozen[CHALLENGER].estimator, problem.frame(TEST), problem.examples.features
        ),
        challenger_keys=keys,
        reports=evaluation.rows(),
    )
    forget_mirror(settings.mirror_file)
    with open_warehouse(settings.warehouse, read_only=False) as connection:
        promoted = write_run(connection, trained, partial(promote_first, settings))
    write_done(settings.data_dir, Done(start.fingerprint, None))
    mirror_champion(settings, champion_of(settings))
    what = (
        f"model {tables.model_version}, registered as {settings.model_name} version"
        f" {registered.registered_version}"
    )
    if promoted or start.champion is None:
        return f"{what}: champion, being the first"
    if start.champion.model_version == tables.model_version:
        return f"{what}: the same card as the champion"
    return (
        f"{what}: a candidate; champion is still {start.champion.model_version}"
        f" (python -m training promote --version {tables.model_version}"
        ' --approver NAME --reason "…" changes that)'
    )


def _measured_on(problem: "Problem", evaluation: "Evaluation") -> dict[str, Any]:
    """Snapshots of the run, what its label says, and the gain measured on test."""
    dates = problem.examples.frame["snapshot_date"].dt.date.to_numpy()
    train = dates[problem.splits.rows[TRAIN]]
    gain = evaluation.gain
    return {
        "first_train_snapshot": train.min(),
        "last_train_snapshot": train.max(),
        "test_snapshot": dates[problem.splits.rows[TEST]].max(),
        "agreement_with_inactivity": problem.examples.agreement_with_inactivity,
        "best_column": gain.column if gain else None,
        "auc_gain": gain.auc if gain else None,
        "auc_gain_lower": gain.lower if gain else None,
        "auc_gain_upper": gain.upper if gain else None,
        "type_1_error_cost": problem.examples.costs.type_1,
        "type_2_error_cost": problem.examples.costs.type_2,
        "central_tendency": problem.examples.central_tendency,
    }
