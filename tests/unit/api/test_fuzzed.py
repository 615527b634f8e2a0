"""Requests after the documentation, and against it, for minutes."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.schemas.fields import EXAMPLE_CUSTOMER, EXAMPLE_DECISION
from tests.hard import share_of
from tests.unit.api.conftest import publish_example
from tests.unit.api.decisions.conftest import decision, write_all
from tests.unit.api.decisions.server import ApiServer

REQUESTS = share_of(20_000)
EXAMPLES = share_of(1_700)
MOST_ROUNDS = 5
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance"
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ApiServer]:
    """Serve a release and a decision that have the ids of the documentation."""
    publish_example(tmp_path, customers=1_001)
    made = decision(EXAMPLE_CUSTOMER)
    made.decision_id = EXAMPLE_DECISION
    write_all(tmp_path / "decisions", [made])
    server = ApiServer(tmp_path, LOG_LEVEL="error", RATE_LIMIT_PER_MINUTE="0")
    yield server
    server.stop()


@pytest.mark.hard
def test_nothing_that_can_be_asked_is_answered_by_a_defect(server: ApiServer) -> None:
    """No 5xx, and no status, type or schema that is not documented."""
    asked = 0
    for seed in range(MOST_ROUNDS):
        done = subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")),
                "run",
                f"http://127.0.0.1:{server.port}/docs/openapi.json",
                f"--checks={CHECKS}",
                "--phases=examples,coverage,fuzzing",
                f"--max-examples={EXAMPLES}",
                f"--seed={seed}",
                "--workers=2",
                "--no-color",
                "--generation-database=none",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-5_000:]
        asked += sum(map(int, re.findall(r"(\d+) generated", done.stdout)))
        if asked >= REQUESTS:
            break
    assert asked >= REQUESTS
    connection = server.connect()
    connection.request("GET", f"/decisions/{EXAMPLE_DECISION}")
    assert connection.getresponse().status == 200
    connection.close()
