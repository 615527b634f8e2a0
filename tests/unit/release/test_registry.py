"""The real registry of MLflow, on SQLite."""

from pathlib import Path

import pytest

from release.errors import ReleaseError
from release.registry import RegisteredModel, resolve_alias
from training.places import Places

NAME = "credit_scoring_model"


@pytest.fixture(scope="module")
def tracking_uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Register two versions; the second has no tag."""
    from mlflow.tracking import MlflowClient

    folder = tmp_path_factory.mktemp("registry")
    uri = f"sqlite:///{folder}/mlflow.db"
    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    client.create_registered_model(NAME)
    for tags in ({"model_version": "0123456789ab"}, {}):
        client.create_model_version(NAME, source=folder.as_uri(), tags=tags)
    client.set_registered_model_alias(NAME, "champion", "1")
    client.set_registered_model_alias(NAME, "challenger", "2")
    return uri


def test_an_alias_names_a_version_and_its_scorecard(tracking_uri: str) -> None:
    places = Places(Path("data"), tracking_uri, NAME)
    assert resolve_alias(places, "champion") == RegisteredModel(
        NAME, "champion", "1", "0123456789ab"
    )


@pytest.mark.parametrize(
    ("name", "alias", "message"),
    [
        (NAME, "nobody", "no alias 'nobody' of model 'credit_scoring_model'"),
        ("other_model", "champion", "no alias 'champion' of model 'other_model'"),
        (NAME, "challenger", "version 2 of credit_scoring_model has no tag"),
    ],
)
def test_what_the_registry_does_not_know(
    tracking_uri: str, name: str, alias: str, message: str
) -> None:
    with pytest.raises(ReleaseError, match=message) as raised:
        resolve_alias(Places(Path("data"), tracking_uri, name), alias)
    assert "\n" not in str(raised.value)


def test_no_registry_is_an_error_and_creates_none(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    with pytest.raises(ReleaseError, match="run python -m training first"):
        resolve_alias(Places(tmp_path, f"sqlite:///{path}"), "champion")
    assert not path.exists()
