"""Where a run reads and writes, taken from the environment once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.dbt_vars import read_vars
from pipeline.errors import PipelineError

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Paths are absolute; `dbt_vars` are for every dbt call of the run."""

    data_dir: Path
    dbt_project_dir: Path
    dbt_profiles_dir: Path
    transactions_path: str | None = None
    dbt_vars: Mapping[str, object] = field(default_factory=dict)

    @property
    def raw(self) -> Path:
        """Where the transactions of the user lie."""
        return self.data_dir / "raw"

    @property
    def simulated(self) -> Path:
        """The file that is read while there is no other input."""
        return self.data_dir / "simulated" / "transactions.parquet"

    @property
    def simulated_outcomes(self) -> Path:
        """Defaults of simulated customers, read while the simulated file is."""
        return self.simulated.with_name("outcomes.csv")

    @property
    def simulated_latent(self) -> Path:
        """Creditworthiness of simulated customers: for audits, never landed."""
        return self.simulated.with_name("latent.csv")

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt builds."""
        return self.data_dir / "warehouse.duckdb"

    @property
    def manifest(self) -> Path:
        """What dbt knows of its models and tests."""
        return self.data_dir / "target" / "manifest.json"

    @property
    def logs(self) -> Path:
        """One log per step; dbt's own is ``dbt.log``."""
        return self.data_dir / "logs"

    @property
    def reports(self) -> Path:
        """``summary.json``, and what it is written from."""
        return self.data_dir / "reports"

    @property
    def releases(self) -> Path:
        """One folder per release, and the pointer file ``CURRENT``."""
        return self.data_dir / "releases"

    def environment(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Give every child of the run `environ` with our paths.

        Examples
        --------
        >>> settings = Settings(
        ...     data_dir=Path("/d"),
        ...     dbt_project_dir=Path("/p"),
        ...     dbt_profiles_dir=Path("/p"),
        ... )
        >>> settings.environment({"TRANSACTIONS_PATH": ""})["DBT_TARGET_PATH"]
        '/d/target'
        """
        environment = {
            **environ,
            "DATA_DIR": str(self.data_dir),
            "DBT_PROJECT_DIR": str(self.dbt_project_dir),
            "DBT_PROFILES_DIR": str(self.dbt_profiles_dir),
            "DBT_TARGET_PATH": str(self.data_dir / "target"),
            "DBT_LOG_PATH": str(self.logs),
            "PYTHONUNBUFFERED": "1",
        }
        environment.pop("TRANSACTIONS_PATH", None)
        if self.transactions_path is not None:
            environment["TRANSACTIONS_PATH"] = self.transactions_path
        # Neither dbt nor MLflow is to report to anyone.
        environment.setdefault("DO_NOT_TRACK", "1")
        return environment


def settings_from(environ: Mapping[str, str], folder: Path) -> Settings:
    """Read the settings of a run; relative paths start at `folder`.

    Raises
    ------
    PipelineError
        `VARS` is no mapping of known names to allowed values, there is no dbt
        project, or `DATA_DIR` cannot be created.
    """
    data_dir = Path(_absolute(environ.get("DATA_DIR") or "data", folder))
    project_dir = Path(
        _absolute(environ.get("DBT_PROJECT_DIR") or str(ROOT / "dbt_project"), folder)
    )
    profiles_dir = environ.get("DBT_PROFILES_DIR") or str(project_dir.parent)
    transactions_path = environ.get("TRANSACTIONS_PATH")
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PipelineError(
            f"DATA_DIR={data_dir} cannot be used: {error.strerror}"
        ) from error
    return Settings(
        data_dir=data_dir,
        dbt_project_dir=project_dir,
        dbt_profiles_dir=Path(_absolute(profiles_dir, folder)),
        transactions_path=(
            _absolute(transactions_path, folder) if transactions_path else None
        ),
        dbt_vars=read_vars(environ.get("VARS") or "", project_dir),
    )


def _absolute(path: str, folder: Path) -> str:
    return str(folder / Path(path).expanduser())
