"""Where a run reads and writes, and the policy constants of the scorecard."""

import getpass
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from training.places import Places
from training.spaces import NONE

TARGET_LABEL = "is_high_risk"
AUDIT_LABEL = "is_high_risk_same_window"
OUT_OF_TIME, STRATIFIED = "out-of-time", "stratified"


@dataclass(frozen=True)
class ScorecardPolicy:
    """Constants of binning, selection and scaling; each is in the model's docs.

    `minimum_information_value` and `minimum_bin_share` are the field's rules of
    thumb (Siddiqi, Credit Risk Scorecards, 2006); more than four principal reasons
    do not help a customer (Regulation B, official interpretation of 1002.9).

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
    maximum_stability_index: float = 0.25
    minimum_calibration_slope: float = 0.1
    score_shown_min: int = 300
    score_shown_max: int = 850
    reasons_at_most: int = 4

    @property
    def factor(self) -> float:
        """Points per unit of log odds."""
        return self.points_to_double_odds / math.log(2.0)

    @property
    def offset(self) -> float:
        """Score at good:bad odds of 1:1."""
        return self.reference_score - self.factor * math.log(self.reference_odds)


@dataclass(frozen=True)
class Settings(Places):
    """One training run: paths, registry, seed, device, label, search and split.

    Examples
    --------
    >>> settings = Settings.from_environment({"DATA_DIR": "/tmp/bati"}, seed=7)
    >>> settings.tracking_uri, settings.seed
    ('sqlite:////tmp/bati/mlflow/mlflow.db', 7)
    """

    seed: int = 42
    is_seed_given: bool = False
    device: str = "cpu"
    label: str = TARGET_LABEL
    search: str = NONE
    split: str = OUT_OF_TIME
    policy: ScorecardPolicy = field(default_factory=ScorecardPolicy)
    minimum_rows: int = 200
    bootstrap_resamples: int = 400
    trained_by: str = "unknown"

    @property
    def audit(self) -> str | None:
        """What makes the run an audit, which writes nothing; None if it counts.

        Examples
        --------
        >>> Settings.from_environment({}, split=STRATIFIED).audit
        'audit of split stratified'
        >>> Settings.from_environment({}).audit
        """
        if self.label != TARGET_LABEL:
            return f"audit of label {self.label}"
        if self.split != OUT_OF_TIME:
            return f"audit of split {self.split}"
        return None

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
        search: str = NONE,
        split: str = OUT_OF_TIME,
        trained_by: str | None = None,
    ) -> "Settings":
        """Read the places; without a seed the one of the build is taken.

        Who trains is `trained_by`, else TRAINED_BY, else the user of the machine.
        """
        places = Places.from_environment(environment)
        return cls(
            data_dir=places.data_dir,
            tracking_uri=places.tracking_uri,
            model_name=places.model_name,
            seed=42 if seed is None else seed,
            is_seed_given=seed is not None,
            device=device,
            label=label,
            search=search,
            split=split,
            trained_by=trained_by or environment.get("TRAINED_BY") or machine_user(),
        )


def machine_user() -> str:
    """Name of the user this process runs as; the number of one without a name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # in a container, say
        return f"uid {os.getuid()}"
