"""Settings, problems and runs on generated warehouses."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest

# Imported before any test replaces the candidates, which they keep a name for.
import training.circular
import training.tracking  # noqa: F401
from tests.unit.training.generated import (
    World,
    generate_examples,
    read_seed,
    write_warehouse,
)
from training import candidates, fitting
from training.contract import Feature, Grade
from training.evaluation import Evaluation, evaluate
from training.fitting import Frozen, Problem, train_candidates
from training.metrics import Metrics
from training.registry import mlflow_session
from training.runner import read_start, run
from training.settings import Settings

MakeSettings = Callable[..., Settings]
FEW = ("scorecard", "xgboost", "recency_days", "transaction_count")


@pytest.fixture(scope="session")
def examples_frame() -> pd.DataFrame:
    return generate_examples(World())


@pytest.fixture(scope="session")
def generate() -> Callable[..., pd.DataFrame]:
    """Build example rows from keywords of `World`."""
    return lambda **world: generate_examples(World(**world))


@pytest.fixture(scope="session")
def make_settings(
    tmp_path_factory: pytest.TempPathFactory, examples_frame: pd.DataFrame
) -> MakeSettings:
    """Write a warehouse and give the settings of a run on it.

    With `registry` MLflow's database is not created but copied, which is faster.
    """

    def make(
        frame: pd.DataFrame | None = None,
        *,
        environment: Mapping[str, str] | None = None,
        registry: Path | None = None,
    ) -> Settings:
        data_dir = tmp_path_factory.mktemp("data")
        if registry is not None:
            (data_dir / "mlflow").mkdir()
            shutil.copy(registry, data_dir / "mlflow" / "mlflow.db")
        write_warehouse(data_dir, examples_frame if frame is None else frame)
        return Settings.from_environment(
            {"DATA_DIR": str(data_dir), **(environment or {})}
        )

    return make


@pytest.fixture(scope="session")
def features() -> tuple[Feature, ...]:
    return tuple(
        Feature(
            int(row["position"]),
            row["name"],
            row["kind"],
            row["monotonic_direction"],
            row["reason_code"],
        )
        for row in read_seed("feature_contract")
    )


@pytest.fixture(scope="session")
def grades() -> tuple[Grade, ...]:
    return tuple(
        Grade(
            int(row["position"]),
            row["grade"],
            float(row["target_share"]),
            row["action"],
        )
        for row in read_seed("rating_scale")
    )


@pytest.fixture(scope="session")
def make_problem(make_settings: MakeSettings) -> Callable[..., Problem]:
    """Read a warehouse of these rows as the problem that candidates solve."""

    def make(frame: pd.DataFrame | None = None) -> Problem:
        settings = make_settings(frame)
        start = read_start(settings)
        target = start.examples.frame["is_high_risk"].to_numpy(dtype=bool)
        return Problem(start.examples, target, start.splits, settings)

    return make


@pytest.fixture(scope="session")
def problem(make_problem: Callable[..., Problem]) -> Problem:
    return make_problem()


@pytest.fixture(scope="session")
def frozen(problem: Problem) -> Mapping[str, Frozen]:
    """All candidates and baselines, trained once."""
    return {candidate.name: candidate for candidate in train_candidates(problem)}


@pytest.fixture
def ready(
    monkeypatch: pytest.MonkeyPatch, frozen: Mapping[str, Frozen]
) -> Mapping[str, Frozen]:
    """Let a run find a few candidates trained, and draw no pictures."""
    few = {name: f for name, f in frozen.items() if name in FEW}
    kept = {name: candidates.CANDIDATES[name] for name in FEW[:2]}
    monkeypatch.setattr(candidates, "CANDIDATES", kept)
    monkeypatch.setattr(fitting, "train_candidates", lambda _: iter(few.values()))
    monkeypatch.setattr("training.tracking.draw", lambda *_: [])
    nothing = Metrics(row_count=0, event_rate=0.0)
    monkeypatch.setattr("training.circular.circular_metrics", lambda _: nothing)
    return few


@pytest.fixture(scope="session")
def evaluation(problem: Problem, frozen: Mapping[str, Frozen]) -> Evaluation:
    """What was measured of them, with few resamples."""
    settings = replace(problem.settings, bootstrap_resamples=50)
    return evaluate(replace(problem, settings=settings), frozen)


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create a registry that no run has written to."""
    path = tmp_path_factory.mktemp("registry") / "mlflow.db"
    with mlflow_session(Settings(path.parent, f"sqlite:///{path}")):
        return path


@dataclass(frozen=True)
class FinishedRun:
    """A whole training run and what it said."""

    settings: Settings
    lines: list[str]


@pytest.fixture(scope="session")
def finished(make_settings: MakeSettings) -> FinishedRun:
    """Train once for all tests that only look at the outcome."""
    settings = make_settings()
    return FinishedRun(settings, run(settings))
