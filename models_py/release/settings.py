"""Where the release reads and writes, taken from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from release.errors import ReleaseError

DEFAULT_RELEASES_KEPT = 20


@dataclass(frozen=True, slots=True)
class ReleaseSettings:
    """Settings of one ``python -m release``.

    Attributes
    ----------
    data_dir
        Folder of the run: warehouse, registry and releases lie in it.
    tracking_uri
        MLflow tracking and registry address.
    model_name
        Registered model (``MODEL_NAME``).
    model_alias
        Alias of the version to release (``MODEL_STAGE``).
    releases_kept
        How many of the newest releases stay on disk (``RELEASES_KEPT``).
    """

    data_dir: Path
    tracking_uri: str
    model_name: str = "credit_scoring_model"
    model_alias: str = "champion"
    releases_kept: int = DEFAULT_RELEASES_KEPT

    @property
    def warehouse_path(self) -> Path:
        """DuckDB file that dbt builds."""
        return self.data_dir / "warehouse.duckdb"

    @property
    def releases_dir(self) -> Path:
        """Folder of all releases and of the pointer file."""
        return self.data_dir / "releases"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "ReleaseSettings":
        """Read the settings; an empty variable counts as absent.

        Raises
        ------
        ReleaseError
            If ``RELEASES_KEPT`` is not a whole number of at least 1.

        Examples
        --------
        >>> settings = ReleaseSettings.from_environment({"DATA_DIR": "/d"})
        >>> settings.tracking_uri
        'sqlite:////d/mlflow/mlflow.db'
        >>> ReleaseSettings.from_environment({"RELEASES_KEPT": "0"})
        Traceback (most recent call last):
            ...
        release.errors.ReleaseError: RELEASES_KEPT is '0'; give a whole number from 1
        """
        data_dir = Path(environment.get("DATA_DIR") or "data").absolute()
        kept = environment.get("RELEASES_KEPT") or str(DEFAULT_RELEASES_KEPT)
        if not kept.isdecimal() or int(kept) < 1:
            message = f"RELEASES_KEPT is '{kept}'; give a whole number from 1"
            raise ReleaseError(message)
        return cls(
            data_dir=data_dir,
            tracking_uri=environment.get("MLFLOW_TRACKING_URI")
            or f"sqlite:///{data_dir}/mlflow/mlflow.db",
            model_name=environment.get("MODEL_NAME") or "credit_scoring_model",
            model_alias=environment.get("MODEL_STAGE") or "champion",
            releases_kept=int(kept),
        )
