"""Hostile files land row by row: each row is accepted as it stands, or says why not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Workspace
from tests.integration.hostile.file import Hostile
from tests.integration.hostile.parquets import parquets
from tests.integration.hostile.texts import texts
from tests.integration.hostile.values import values

HOSTILE = [*texts(), *values(), *parquets()]


@pytest.fixture(scope="module")
def landed(make_workspace: Callable[[str], Workspace]) -> Workspace:
    """All hostile files in one folder, landed by one run."""
    workspace = make_workspace("hostile [input]")
    folder = workspace.data_dir / "raw"
    folder.mkdir()
    for file in HOSTILE:
        (folder / file.name).write_bytes(file.content)
    workspace.dbt("run", "--select", "stg_raw__transactions stg_raw__rejected_rows")
    return workspace


@pytest.mark.parametrize("file", HOSTILE, ids=lambda file: file.name)
def test_every_row_is_accepted_or_says_why_not(
    landed: Workspace, file: Hostile
) -> None:
    name = file.name.replace("'", "''")
    of_file = f"where source_file = '{name}'"
    accepted = landed.query(
        f"select {file.columns} from raw.transactions {of_file} order by source_row"  # noqa: S608
    ).to_numpy()
    rejected = landed.query(
        f"select source_row, rejection_reason from raw.rejected_rows {of_file}"  # noqa: S608
    )
    input_rows = landed.query(f"select input_rows from raw.files {of_file}")  # noqa: S608

    assert [
        row[0] if len(row) == 1 else tuple(row) for row in accepted
    ] == file.accepted
    assert dict(rejected.to_numpy()) == file.rejected
    assert input_rows.input_rows[0] == file.input_rows
    assert len(accepted) + len(rejected) == file.input_rows
