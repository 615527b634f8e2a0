"""Where a run reads and writes, the same for training and release."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MODEL_NAME = "credit_scoring_model"
CHAMPION_ALIAS = "champion"
SQLITE_PREFIX = "sqlite:///"


@dataclass(frozen=True)
class Places:
    """Folder of the run, and the registry with the model's name in it.

    Examples
    --------
    >>> places = Places.from_environment({"DATA_DIR": "/d", "MODEL_NAME": ""})
    >>> places.tracking_uri, places.model_name
    ('sqlite:////d/mlflow/mlflow.db', 'credit_scoring_model')
    """

    data_dir: Path
    tracking_uri: str
    model_name: str = MODEL_NAME

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt builds."""
        return self.data_dir / "warehouse.duckdb"

    @property
    def local_registry(self) -> Path | None:
        """The SQLite file of MLflow, or None when a server is used."""
        if not self.tracking_uri.startswith(SQLITE_PREFIX):
            return None
        return Path(self.tracking_uri.removeprefix(SQLITE_PREFIX))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Places":
        """Read DATA_DIR, MLFLOW_TRACKING_URI and MODEL_NAME; empty is absent."""
        data_dir = Path(environment.get("DATA_DIR") or "data").absolute()
        return Places(
            data_dir=data_dir,
            tracking_uri=environment.get("MLFLOW_TRACKING_URI")
            or f"{SQLITE_PREFIX}{data_dir}/mlflow/mlflow.db",
            model_name=environment.get("MODEL_NAME") or MODEL_NAME,
        )
