"""Promoting and rolling back: the gates, the ledger, then the alias."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

import duckdb

from training.errors import RefusedError, TrainingError
from training.promotion.checks import assess
from training.promotion.gates import (
    FAILED,
    NOT_ASSESSED,
    PASSED,
    GateResult,
    blocking,
    table_lines,
)
from training.promotion.ledger import (
    APPROVED,
    BOOTSTRAP,
    ROLLBACK,
    Promotion,
    append,
    champion_of,
    earlier_champion,
    is_of_other_data,
    promoted_version,
    trained_versions,
    trainers,
)
from training.promotion.mirror import forget_mirror, mirror_champion
from training.settings import Settings
from training.warehouse import open_warehouse

logger = logging.getLogger(__name__)


def promote_first(
    settings: Settings, connection: duckdb.DuckDBPyConnection, model_version: str
) -> bool:
    """Promote the first model there is by rule; later ones wait for a person.

    Without it nothing could be scored, so its gates are recorded and do not block. The
    first model of real data is a first one too: one of simulated data knows nothing of
    real customers.

    Returns
    -------
    bool
        Whether the model was promoted.
    """
    champion = promoted_version(connection)
    if champion is not None and not is_of_other_data(connection, champion):
        return False
    results = _assess(connection, settings, model_version)
    for result in results:
        if result.outcome == FAILED:
            logger.warning("gate %s failed: %s", result.gate, result.detail)
    append(
        connection,
        Promotion(
            model_version=model_version,
            promoted_at=_now(),
            rule=BOOTSTRAP,
            approver=None,
            reason=(
                "the first model; there was no champion"
                if champion is None
                else f"the first model of real data; {champion} was trained on"
                " simulated data"
            ),
            gate_results=results,
        ),
    )
    return True


def show_gates(settings: Settings, *, model_version: str) -> list[str]:
    """Measure a version at the gates and write nothing; the lines to show.

    Raises
    ------
    RefusedError
        With those lines, if the version would not be promoted.
    TrainingError
        If the version is unknown.
    """
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        _require_trained(connection, model_version)
        results = _assess(connection, settings, model_version)
    _require_passed(model_version, results)
    return [*table_lines(results), summary_line(model_version, results)]


def promote_version(
    settings: Settings, *, model_version: str, approver: str, reason: str
) -> list[str]:
    """Promote a trained version and let the alias follow; the lines to show.

    Raises
    ------
    RefusedError
        With the table of gates, if one of them blocks.
    TrainingError
        If the version is unknown or already champion, a text is blank, or the
        approver trained the version.
    """
    _require_texts(approver=approver, reason=reason)
    with open_warehouse(settings.warehouse, read_only=False) as connection:
        _require_trained(connection, model_version)
        if promoted_version(connection) == model_version:
            raise TrainingError(f"{model_version} is champion already")
        _require_four_eyes(connection, model_version, approver)
        results = _assess(connection, settings, model_version)
        _require_passed(model_version, results)
        before = _put_in_charge(
            connection, settings, model_version, APPROVED, approver, reason, results
        )
    mirror_champion(settings, champion_of(settings))
    return [*table_lines(results), "", _said(model_version, before)]


def roll_back(settings: Settings, *, approver: str, reason: str) -> list[str]:
    """Put the champion before this one in charge again; the lines to show.

    It was promoted once, and may be needed at once: the gates are measured, shown and
    recorded, and do not block; whoever trained it may do it.

    Raises
    ------
    TrainingError
        If there was no other champion, or a text is blank.
    """
    _require_texts(approver=approver, reason=reason)
    with open_warehouse(settings.warehouse, read_only=False) as connection:
        version = earlier_champion(connection)
        if version is None:
            raise TrainingError(
                "there is no earlier champion to roll back to: see"
                " model.model_promotions"
            )
        results = _assess(connection, settings, version)
        before = _put_in_charge(
            connection, settings, version, ROLLBACK, approver, reason, results
        )
    mirror_champion(settings, champion_of(settings))
    return [*table_lines(results), "", f"rolled back: {_said(version, before)}"]


def summary_line(model_version: str, results: Sequence[GateResult]) -> str:
    """Count the outcomes in one line."""
    outcomes = [result.outcome for result in results]
    counts = ", ".join(
        f"{outcomes.count(outcome)} {outcome}"
        for outcome in (PASSED, FAILED, NOT_ASSESSED)
    )
    return f"gates of {model_version}: {counts}"


def _put_in_charge(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    model_version: str,
    rule: str,
    approver: str,
    reason: str,
    results: Sequence[GateResult],
) -> str | None:
    """Append to the ledger; who was champion before."""
    before = promoted_version(connection)
    forget_mirror(settings.mirror_file)
    append(
        connection,
        Promotion(model_version, _now(), rule, approver, reason, results),
    )
    return before


def _assess(
    connection: duckdb.DuckDBPyConnection, settings: Settings, model_version: str
) -> list[GateResult]:
    return assess(
        connection,
        model_version,
        resamples=settings.bootstrap_resamples,
    )


def _require_texts(**texts: str) -> None:
    for name, text in texts.items():
        if not text.strip():
            raise TrainingError(f"--{name} is blank: say who decides, and why")


def _require_trained(connection: duckdb.DuckDBPyConnection, version: str) -> None:
    versions = trained_versions(connection)
    if version not in versions:
        raise TrainingError(
            f"no trained version {version!r}; there are"
            f" {', '.join(versions) or 'none: run python -m training'}"
        )


def _require_four_eyes(
    connection: duckdb.DuckDBPyConnection, model_version: str, approver: str
) -> None:
    """Refuse an approver who trained the version.

    It compares two names that nobody has checked: it keeps an honest person from a
    slip, not a dishonest one from lying. Who may run this command is for the machine
    to say.
    """
    same = [
        name
        for name in trainers(connection, model_version)
        if _plain(name) == _plain(approver)
    ]
    if same:
        raise TrainingError(
            f"{approver!r} trained {model_version} (as {same[0]!r}): another person"
            " must approve it"
        )


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _require_passed(model_version: str, results: Sequence[GateResult]) -> None:
    names = blocking(results)
    if names:
        raise RefusedError(
            f"{model_version} does not pass {', '.join(names)}: it cannot be promoted",
            table_lines(results),
        )


def _said(model_version: str, before: str | None) -> str:
    return (
        f"champion is {model_version}, before {before or 'none'}; now score and release"
        " it: make run, or dbt build --select tag:scoring and python -m release"
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
