"""A small warehouse, and a registry that answers without MLflow."""

from pathlib import Path

import pytest

from release import publish as publish_module
from release.registry import RegisteredModel
from release.settings import ReleaseSettings
from tests.unit.release.example_warehouse import MODEL_VERSION, create_warehouse


@pytest.fixture(scope="session")
def warehouse_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the example warehouse once; tests work on copies."""
    return create_warehouse(tmp_path_factory.mktemp("example") / "warehouse.duckdb")


@pytest.fixture
def settings(
    tmp_path: Path, warehouse_file: Path, monkeypatch: pytest.MonkeyPatch
) -> ReleaseSettings:
    """Give a data folder of its own, whose registry names the example model."""

    def registered(*_: object) -> RegisteredModel:
        return RegisteredModel("credit_scoring_model", "champion", "3", MODEL_VERSION)

    monkeypatch.setattr(publish_module, "resolve_alias", registered)
    (tmp_path / "warehouse.duckdb").write_bytes(warehouse_file.read_bytes())
    return ReleaseSettings.from_environment({"DATA_DIR": str(tmp_path)})
