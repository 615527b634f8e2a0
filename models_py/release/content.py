"""What a release holds, collected from the warehouse before anything is written."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from release.customers import FrozenCustomers, freeze_customers
from release.errors import ReleaseError
from release.layout import RELEASE_FORMAT
from release.registry import RegisteredModel, require_promoted
from release.scorecard import canonical_json, read_scorecard
from release.warehouse import Row, Warehouse
from training.places import CHAMPION_ALIAS
from training.warehouse import SIMULATED


@dataclass(frozen=True, slots=True)
class ReleaseContent:
    """The logical content of a release.

    Attributes
    ----------
    model
        The registered model.
    snapshot_date
        Date that the customers are scored at.
    data
        ``raw`` or ``simulated``.
    promotion
        The promotion of this card: rule, approver, reason, time; None for a card
        that is not champion.
    customers
        Customers frozen in the connection's view ``frozen_customers``.
    scorecard
        The document ``scorecard.json``.
    training_run
        Newest row of ``model.training_runs`` of this model.
    """

    model: RegisteredModel
    snapshot_date: date
    data: str
    promotion: Row | None
    customers: FrozenCustomers
    scorecard: dict[str, Any]
    training_run: Row

    @property
    def agreement_with_inactivity(self) -> float | None:
        """Share of the card's train rows whose label says 'bought nothing'."""
        agreement: float | None = self.training_run["agreement_with_inactivity"]
        return agreement

    @property
    def release_id(self) -> str:
        """Name of the release: snapshot, model, and what an answer depends on."""
        answers_depend_on = {
            "format": RELEASE_FORMAT,
            "model_name": self.model.name,
            "snapshot_date": self.snapshot_date.isoformat(),
            "data": self.data,
            "alias": self.model.alias,
            "promotion": self.promotion and self.promotion | {"promoted_at": None},
            "agreement_with_inactivity": self.agreement_with_inactivity,
            "customers": self.customers.digest,
            "scorecard": self.scorecard,
        }
        digest = hashlib.sha256(canonical_json(answers_depend_on)).hexdigest()
        return f"{self.snapshot_date:%Y%m%d}-{self.model.model_version}-{digest[:8]}"

    def manifest(
        self, *, created_at: datetime, duckdb_version: str, files: dict[str, Row]
    ) -> dict[str, Any]:
        """Return the document ``manifest.json``."""
        return {
            "format": RELEASE_FORMAT,
            "release_id": self.release_id,
            "created_at": created_at.isoformat(),
            "model_name": self.model.name,
            "registered_version": self.model.version,
            "alias": self.model.alias,
            "promotion": self.promotion,
            "model_version": self.model.model_version,
            "snapshot_date": self.snapshot_date.isoformat(),
            "data": self.data,
            "label_source": self.scorecard["model"]["label_source"],
            "parameters_hash": self.scorecard["model"]["parameters_hash"],
            "customers": self.customers.customers,
            "scored": self.customers.scored,
            "not_scored": self.customers.not_scored,
            "duckdb_version": duckdb_version,
            "training_run": self.training_run,
            "agreement_with_inactivity": self.agreement_with_inactivity,
            "files": files,
        }


def read_content(warehouse: Warehouse, model: RegisteredModel) -> ReleaseContent:
    """Collect a release and check that its parts belong together.

    Raises
    ------
    ReleaseError
        If something is missing, or if registry, scorecard, features and
        scores contradict one another.
    """
    promotion = warehouse.promotion()
    require_promoted(model, promotion["model_version"] if promotion else None)
    snapshot_date = warehouse.score_snapshot()
    customers = freeze_customers(warehouse)
    scorecard = read_scorecard(warehouse, model.model_version, customers.categories)
    _require_same_parameters(warehouse, scorecard["model"]["parameters_hash"])
    if model.alias == CHAMPION_ALIAS:
        _require_scored_by(warehouse, model.model_version)
    training_run = _training_run(warehouse, model.model_version)
    _require_trained_on_such_data(warehouse, training_run)
    return ReleaseContent(
        model=model,
        snapshot_date=snapshot_date,
        data=warehouse.data_kind(),
        promotion=_promotion_of(model, promotion),
        customers=customers,
        scorecard=scorecard,
        training_run=training_run,
    )


def _promotion_of(model: RegisteredModel, promotion: Row | None) -> Row | None:
    if promotion is None or promotion["model_version"] != model.model_version:
        return None
    promoted_at = promotion["promoted_at"].isoformat()
    return {name: promotion[name] for name in ("rule", "approver", "reason")} | {
        "promoted_at": promoted_at
    }


def _require_same_parameters(warehouse: Warehouse, expected: str) -> None:
    found = warehouse.rows(
        """
        select 'marts.fct_customer_features' as table_name, parameters_hash
        from warehouse.marts.fct_customer_features
        where split = 'score' and parameters_hash != ?
        union
        select 'marts.fct_customer_scores' as table_name, parameters_hash
        from warehouse.marts.fct_customer_scores
        where parameters_hash != ?
        order by table_name
        """,
        expected,
        expected,
    )
    if found:
        message = (
            f"{warehouse.path}: {found[0]['table_name']} was built with parameters "
            f"{found[0]['parameters_hash']}, the scorecard with {expected}; "
            "run dbt build and python -m training with the same vars"
        )
        raise ReleaseError(message)


def _require_scored_by(warehouse: Warehouse, model_version: str) -> None:
    other = warehouse.row(
        """
        select model_version
        from warehouse.marts.fct_customer_scores
        where model_version != ?
        """,
        model_version,
    )
    if other:
        message = (
            f"{warehouse.path}: marts.fct_customer_scores is of model "
            f"{other['model_version']}, the champion is {model_version}; "
            "run dbt build --select tag:scoring"
        )
        raise ReleaseError(message)


def _require_trained_on_such_data(warehouse: Warehouse, training_run: Row) -> None:
    if training_run.get("data_kind") == SIMULATED != warehouse.data_kind():
        message = (
            f"{warehouse.path}: model {training_run['model_version']} was trained on "
            "simulated data, the customers are real; run python -m training"
        )
        raise ReleaseError(message)


def _training_run(warehouse: Warehouse, model_version: str) -> Row:
    run = warehouse.row(
        """
        select *
        from warehouse.model.training_runs
        where model_version = ?
        order by trained_at desc, rowid desc
        limit 1
        """,
        model_version,
    )
    if run is None:
        message = (
            f"{warehouse.path}: model.training_runs has no run of {model_version}; "
            "run python -m training"
        )
        raise ReleaseError(message)
    dates = {name: at.isoformat() for name, at in run.items() if isinstance(at, date)}
    return run | dates
