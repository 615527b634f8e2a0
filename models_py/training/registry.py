"""MLflow's place: a SQLite file with artifacts beside it, or a server."""

import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from training.errors import TrainingError
from training.places import CHAMPION_ALIAS
from training.settings import Settings

logger = logging.getLogger(__name__)

MlflowObject = Any  # MLflow ships no types

EXPERIMENT = "credit_scoring"
QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
}


@contextmanager
def mlflow_session(settings: Settings) -> Iterator[MlflowObject]:
    """MLflow pointed at the settings' URI, quiet, and let go of at the end.

    Yields
    ------
    mlflow.MlflowClient

    Raises
    ------
    TrainingError
        If MLflow refuses; the message carries its first line.
    """
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    # All imports come first: what follows must be able to clean up after Ctrl-C.
    import mlflow
    from mlflow.exceptions import MlflowException
    from mlflow.store.model_registry.sqlalchemy_store import (
        SqlAlchemyStore as RegistryStore,
    )
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore as TrackingStore

    stores: tuple[MlflowObject, ...] = (TrackingStore, RegistryStore)
    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    before = mlflow.get_tracking_uri(), mlflow.get_registry_uri()
    try:
        if settings.local_registry is not None:
            _create_database(settings.local_registry, stores)
        mlflow.set_tracking_uri(settings.tracking_uri)
        mlflow.set_registry_uri(settings.tracking_uri)
        with warnings.catch_warnings():
            # It asks for an input example; the signature is explicit here.
            warnings.filterwarnings("ignore", category=UserWarning, module="mlflow")
            yield mlflow.MlflowClient(settings.tracking_uri, settings.tracking_uri)
    except MlflowException as error:
        first = str(error).strip().splitlines()[0]
        raise TrainingError(f"MLflow at {settings.tracking_uri}: {first}") from error
    finally:
        _dispose(settings.tracking_uri, stores)
        mlflow.set_tracking_uri(before[0])
        mlflow.set_registry_uri(before[1])


def experiment_id(client: MlflowObject, settings: Settings) -> str:
    """Find the experiment of this project; it is created at first use."""
    found = client.get_experiment_by_name(EXPERIMENT)
    if found is not None:
        return str(found.experiment_id)
    location = None
    if settings.local_registry is not None:
        location = (settings.local_registry.absolute().parent / "artifacts").as_uri()
    return str(client.create_experiment(EXPERIMENT, artifact_location=location))


def _create_database(path: Path, stores: Sequence[MlflowObject]) -> None:
    """Create the tables under another name, then move them into place.

    MLflow creates them in many steps and cannot go on from half of them.
    """
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    uri = f"sqlite:///{unfinished}"
    tracking, *_ = stores
    tracking(uri, str(path.parent / "artifacts"))
    _dispose(uri, stores)
    unfinished.replace(path)


def _dispose(uri: str, stores: Sequence[MlflowObject]) -> None:
    """Close MLflow's pooled connections to a database."""
    for store in stores:
        engine = store._engine_map.pop(uri, None)
        if engine is not None:
            engine.dispose()


def set_alias(settings: Settings, registered_version: str, model_version: str) -> bool:
    """Point alias `champion` at a registered version, if that holds the card it should.

    Returns
    -------
    bool
        False, with a warning, if the registry was emptied or replaced meanwhile.
    """
    with mlflow_session(settings) as client:
        found = client.search_model_versions(f"name = '{settings.model_name}'")
        held = {
            str(version.version): version.tags.get("model_version") for version in found
        }
        if held.get(registered_version) != model_version:
            logger.warning(
                "MLflow at %s does not hold champion %s as %s version %s: alias %s is"
                " not set",
                settings.tracking_uri,
                model_version,
                settings.model_name,
                registered_version,
                CHAMPION_ALIAS,
            )
            return False
        client.set_registered_model_alias(
            settings.model_name, CHAMPION_ALIAS, registered_version
        )
    return True
