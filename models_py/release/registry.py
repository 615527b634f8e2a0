"""Which registered model an alias names."""

import logging
from dataclasses import dataclass
from typing import Any

from release.errors import ReleaseError
from training.places import CHAMPION_ALIAS, Places


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """A version of a registered model.

    Attributes
    ----------
    name
        Registered name.
    alias
        Alias that was asked for.
    version
        Version number in the registry.
    model_version
        Tag of that version: 12 hex digits over the scorecard tables.
    """

    name: str
    alias: str
    version: str
    model_version: str


def resolve_alias(places: Places, alias: str) -> RegisteredModel:
    """Ask the MLflow registry which version an alias names.

    Raises
    ------
    ReleaseError
        If there is no registry, model or alias, or the version has no tag
        ``model_version``.
    """
    tracking_uri, name = places.tracking_uri, places.model_name
    if places.local_registry is not None and not places.local_registry.is_file():
        message = f"no MLflow registry at {tracking_uri}; run python -m training first"
        raise ReleaseError(message)
    version = _registered_version(tracking_uri, name, alias)
    model_version = version.tags.get("model_version")
    if not model_version:
        message = (
            f"version {version.version} of {name} has no tag model_version; "
            "register it with python -m training"
        )
        raise ReleaseError(message)
    return RegisteredModel(name, alias, str(version.version), model_version)


def require_promoted(model: RegisteredModel, promoted: str | None) -> None:
    """Check the alias ``champion`` against the newest promotion, the truth.

    Examples
    --------
    >>> model = RegisteredModel("m", "champion", "2", "aaa")
    >>> require_promoted(model, "aaa")
    >>> require_promoted(model, "bbb")
    Traceback (most recent call last):
        ...
    release.errors.ReleaseError: alias champion of m is version 2 with \
model_version aaa, but the newest promotion in model.model_promotions is bbb; \
set the alias again or promote aaa
    """
    if model.alias == CHAMPION_ALIAS and model.model_version != promoted:
        message = (
            f"alias champion of {model.name} is version {model.version} with "
            f"model_version {model.model_version}, but the newest promotion in "
            f"model.model_promotions is {promoted or 'missing'}; "
            f"set the alias again or promote {model.model_version}"
        )
        raise ReleaseError(message)


def _registered_version(tracking_uri: str, name: str, alias: str) -> Any:  # noqa: ANN401 (mlflow ships no types)
    # Two seconds of import that every earlier error can spare.
    from mlflow.exceptions import MlflowException
    from mlflow.tracking import MlflowClient

    logging.getLogger("alembic").setLevel(logging.WARNING)
    client = MlflowClient(tracking_uri=tracking_uri, registry_uri=tracking_uri)
    try:
        return client.get_model_version_by_alias(name, alias)
    except MlflowException as error:
        message = (
            f"the registry at {tracking_uri} has no alias '{alias}' of model '{name}' "
            f"({str(error.message).splitlines()[0]}); check MODEL_NAME and MODEL_STAGE"
        )
        raise ReleaseError(message) from error
