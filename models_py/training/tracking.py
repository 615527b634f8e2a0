"""What a training run leaves in MLflow: a parent run, a child per candidate."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from training.candidates import CANDIDATES
from training.contract import Feature
from training.evaluation import Evaluation
from training.fitting import Frozen, Problem
from training.model_tables import ModelTables
from training.plots import draw
from training.points_table import points_table
from training.preprocessing import WOE, WOE_TYPES
from training.registry import MlflowObject, experiment_id, mlflow_session
from training.spaces import Trial, best_of
from training.splits import TEST, TRAIN_OOF

REQUIREMENTS = ("numpy", "pandas", "scikit-learn", "xgboost")
PYFUNC_REQUIREMENTS = ("mlflow", "numpy", "pandas")


@dataclass(frozen=True)
class Registered:
    """Where MLflow keeps the card."""

    mlflow_run_id: str
    registered_version: str


def log_run(
    problem: Problem,
    frozen: Mapping[str, Frozen],
    evaluation: Evaluation,
    selection: Sequence[Mapping[str, Any]],
    facts: Mapping[str, Any],
) -> Registered:
    """Log all candidates and register the scorecard.

    Parameters
    ----------
    selection : sequence
        Rows of `selection.selection_rows`: why the card has the features it has.
    facts : mapping
        Tags of the parent run: fingerprints, seed, dbt invocation, git revision.
    """
    settings = problem.settings
    with mlflow_session(settings) as client:
        import mlflow

        tags = {name: str(value) for name, value in facts.items() if value is not None}
        experiment = experiment_id(client, settings)
        with mlflow.start_run(experiment_id=experiment, run_name="training") as run:
            mlflow.set_tags(tags)
            mlflow.log_params({"search": settings.search, "device": settings.device})
            models = {
                name: _log_candidate(
                    problem, candidate, evaluation, selection, experiment
                )
                for name, candidate in frozen.items()
            }
            name, card = next((n, f.tables) for n, f in frozen.items() if f.tables)
            registered = _register(
                client, settings.model_name, models[name], run.info.run_id, card, tags
            )
        return Registered(run.info.run_id, registered)


def _log_candidate(
    problem: Problem,
    candidate: Frozen,
    evaluation: Evaluation,
    selection: Sequence[Mapping[str, Any]],
    experiment: str,
) -> MlflowObject:
    """Log one candidate as a nested run; the logged model, if it has one."""
    import mlflow

    with (
        mlflow.start_run(
            experiment_id=experiment, run_name=candidate.name, nested=True
        ),
        tempfile.TemporaryDirectory() as folder,
    ):
        mlflow.set_tag("candidate_kind", candidate.kind)
        mlflow.log_params(
            {"seed": problem.settings.seed, **(candidate.parameters or {})}
        )
        mlflow.log_metrics(_flat_metrics(evaluation, candidate.name))
        _log_trials(candidate.name, problem.trials.get(candidate.name, ()), experiment)
        if candidate.estimator is None:
            return None
        draw(candidate, problem.target_of(TEST), TEST, Path(folder))
        mlflow.log_artifacts(folder, "plots")
        if candidate.tables is not None:
            mlflow.log_dict(
                {"stability": problem.stability.note, "features": [*selection]},
                "selection.json",
            )
            mlflow.log_text("\n".join(points_table(candidate.tables)), "scorecard.txt")
            return _log_scorecard(candidate.tables, problem.examples.features)
        return _log_classifier(candidate, problem.examples.features)


def _log_trials(name: str, trials: Sequence[Trial], experiment: str) -> None:
    """Log each trial of a search as a run nested in its candidate's."""
    import mlflow

    chosen = best_of(trials) if trials else None
    for number, trial in enumerate(trials, start=1):
        with mlflow.start_run(
            experiment_id=experiment, run_name=f"{name} trial {number}", nested=True
        ):
            mlflow.set_tags({"candidate_kind": "trial", "chosen": trial is chosen})
            mlflow.log_params(dict(trial.parameters))
            if trial.roc_auc is not None:
                mlflow.log_metric(f"{TRAIN_OOF}.roc_auc", trial.roc_auc)


def _flat_metrics(evaluation: Evaluation, name: str) -> dict[str, float]:
    return {
        f"{split}.{measure}": float(value)
        for split, metrics in evaluation.metrics[name].items()
        for measure, value in metrics.row().items()
        if value is not None
    }


def _signature(features: Sequence[Feature], outputs: Mapping[str, str]) -> MlflowObject:
    """Doubles and texts, each of which may be missing."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    inputs: MlflowObject = [
        ColSpec("double" if f.is_numeric else "string", f.name, required=False)
        for f in features
    ]
    return ModelSignature(
        Schema(inputs), Schema([ColSpec(kind, name) for name, kind in outputs.items()])
    )


def _pinned(libraries: Sequence[str]) -> list[str]:
    return [f"{library}=={version(library)}" for library in libraries]


def _log_scorecard(tables: ModelTables, features: Sequence[Feature]) -> MlflowObject:
    import mlflow.pyfunc

    package = Path(__file__).parent
    outputs = {
        "score": "double",
        "score_shown": "double",
        "proxy_probability": "double",
        "grade": "string",
        "action": "string",
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model_tables.json"
        path.write_text(tables.to_json(), encoding="utf-8")
        logged = mlflow.pyfunc.log_model(
            name="scorecard",
            python_model=str(package / "pyfunc_model.py"),
            artifacts={"model_tables": str(path)},
            code_paths=[str(package)],
            signature=_signature(features, outputs),
            pip_requirements=_pinned(PYFUNC_REQUIREMENTS),
        )
    return _with_signature(logged)


def _log_classifier(candidate: Frozen, features: Sequence[Feature]) -> MlflowObject:
    import mlflow.sklearn

    own_types = WOE_TYPES if WOE in (candidate.parameters or {}).values() else ()
    logged = mlflow.sklearn.log_model(
        candidate.estimator,
        name=candidate.name,
        signature=_signature(features, {"good": "double", "bad": "double"}),
        pip_requirements=_pinned(REQUIREMENTS),
        pyfunc_predict_fn="predict_proba",
        serialization_format="skops",
        skops_trusted_types=[*CANDIDATES[candidate.name].trusted_types, *own_types],
        code_paths=[str(Path(__file__).parent)] if own_types else None,
    )
    return _with_signature(logged)


def _with_signature(logged: MlflowObject) -> MlflowObject:
    if logged.signature is None:
        raise RuntimeError(f"MLflow dropped the signature of {logged.model_uri}")
    return logged


def _register(
    client: MlflowObject,
    model_name: str,
    logged: MlflowObject,
    run_id: str,
    tables: ModelTables,
    tags: Mapping[str, str],
) -> str:
    """Register the card; the tag model_version ties it to the tables."""
    from mlflow.exceptions import MlflowException

    try:
        client.get_registered_model(model_name)
    except MlflowException:
        client.create_registered_model(model_name)
    created = client.create_model_version(
        model_name,
        source=logged.model_uri,
        run_id=run_id,
        tags={
            "model_version": tables.model_version,
            "training_fingerprint": tags["training_fingerprint"],
        },
        model_id=logged.model_id,
    )
    return str(created.version)
