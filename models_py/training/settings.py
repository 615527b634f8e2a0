"""Where a run reads and writes, and the policy constants of the scorecard."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

TARGET_LABEL = "is_high_risk"
AUDIT_LABEL = "is_high_risk_same_window"


@dataclass(frozen=True)
class ScorecardPolicy:
    """Constants of binning, selection and scaling; each is in the model's docs.

    `minimum_information_value` and `minimum_bin_share` are the field's rules of
    thumb (Siddiqi, Credit Risk Scorecards, 2006).

    Examples
    --------
    >>> policy = ScorecardPolicy()
    >>> round(policy.factor, 6), round(policy.offset, 6)
    (28.853901, 487.122876)
    """

    points_to_double_odds: float = 20.0
    reference_score: float = 600.0
    reference_odds: float = 50.0
    minimum_bin_share: float = 0.05
    maximum_prebins: int = 12
    solver_seconds: int = 20
    minimum_information_value: float = 0.02
    suspect_information_value: float = 0.5
    maximum_correlation: float = 0.75
    minimum_calibration_slope: float = 0.1

    @property
    def factor(self) -> float:
        """Points per unit of log odds."""
        return self.points_to_double_odds / math.log(2.0)

    @property
    def offset(self) -> float:
        """Score at good:bad odds of 1:1."""
        return self.reference_score - self.factor * math.log(self.reference_odds)


@dataclass(frozen=True)
class Settings:
    """One training run: paths, registry, seed, device and label.

    Examples
    --------
    >>> settings = Settings.from_environment({"DATA_DIR": "/tmp/bati"})
    >>> settings.tracking_uri
    'sqlite:////tmp/bati/mlflow/mlflow.db'
    >>> settings.alias
    'champion'
    """

    data_dir: Path
    tracking_uri: str
    model_name: str = "credit_scoring_model"
    alias: str = "champion"
    dbt_target: Path | None = None
    seed: int = 42
    is_seed_given: bool = False
    device: str = "cpu"
    label: str = TARGET_LABEL
    policy: ScorecardPolicy = field(default_factory=ScorecardPolicy)
    minimum_rows: int = 200
    bootstrap_resamples: int = 400

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt builds."""
        return self.data_dir / "warehouse.duckdb"

    @property
    def local_registry(self) -> Path | None:
        """The SQLite file of MLflow, or None when a server is used."""
        prefix = "sqlite:///"
        if not self.tracking_uri.startswith(prefix):
            return None
        return Path(self.tracking_uri.removeprefix(prefix))

    @property
    def mirror_file(self) -> Path:
        """Remembers where the registry's alias was last set to."""
        return self.data_dir / "mlflow" / "champion.json"

    @classmethod
    def from_environment(
        cls,
        environment: Mapping[str, str] = os.environ,
        *,
        seed: int | None = None,
        device: str = "cpu",
        label: str = TARGET_LABEL,
    ) -> "Settings":
        """Read DATA_DIR, MLFLOW_TRACKING_URI, MODEL_NAME, MODEL_STAGE (an alias)."""
        data_dir = Path(environment.get("DATA_DIR") or "data").absolute()
        database = data_dir / "mlflow" / "mlflow.db"
        target = environment.get("DBT_TARGET_PATH")
        return cls(
            data_dir=data_dir,
            tracking_uri=environment.get("MLFLOW_TRACKING_URI")
            or f"sqlite:///{database}",
            model_name=environment.get("MODEL_NAME") or "credit_scoring_model",
            alias=environment.get("MODEL_STAGE") or "champion",
            dbt_target=Path(target) if target else data_dir / "target",
            seed=42 if seed is None else seed,
            is_seed_given=seed is not None,
            device=device,
            label=label,
        )
