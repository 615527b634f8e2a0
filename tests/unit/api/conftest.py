"""A real release of the example warehouse, and the application around it."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.settings import Settings
from release import publish as publish_module
from release.registry import RegisteredModel
from release.settings import ReleaseSettings
from tests.unit.release.example_warehouse import MODEL_VERSION, create_warehouse

Client = TestClient[Any]
JSON = {"Content-Type": "application/json"}


def publish_example(data_dir: Path, *, customers: int = 300) -> None:
    """Publish the example warehouse into a data folder."""
    create_warehouse(data_dir / "warehouse.duckdb", customers=customers)
    model = RegisteredModel("credit_scoring_model", "champion", "3", MODEL_VERSION)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(publish_module, "resolve_alias", lambda *_: model)
        publish_module.publish(
            ReleaseSettings.from_environment({"DATA_DIR": str(data_dir)})
        )


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish the example once; return its data folder."""
    data_dir = tmp_path_factory.mktemp("published")
    publish_example(data_dir)
    return data_dir


@pytest.fixture(scope="session")
def client(published: Path) -> Iterator[Client]:
    """Give a client of the application with a release."""
    with TestClient(create_app(Settings(data_dir=published))) as opened:
        yield opened


@pytest.fixture
def client_without_release(tmp_path: Path) -> Iterator[Client]:
    """Give a client of the application in an empty data folder."""
    with TestClient(create_app(Settings(data_dir=tmp_path))) as opened:
        yield opened


@pytest.fixture
def release_copy(published: Path, tmp_path: Path) -> Path:
    """Give a release folder to damage; its data folder is two levels up."""
    shutil.copytree(published / "releases", tmp_path / "releases")
    current = (tmp_path / "releases" / "CURRENT").read_text().strip()
    return tmp_path / "releases" / current


def write_manifest(folder: Path, **changes: object) -> None:
    """Change fields of the manifest and make its digests true again."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_bytes()) | changes
    for name in manifest["files"]:
        content = (folder / name).read_bytes()
        manifest["files"][name]["sha256"] = hashlib.sha256(content).hexdigest()
    path.write_text(json.dumps(manifest))
