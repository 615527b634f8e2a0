"""The real server in processes of its own, to be killed and starved."""

import json
import os
import resource
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.unit.api.conftest import JSON
from tests.unit.api.test_server import free_port, wait_until_it_answers


class ApiServer:
    """`python -m api` on a data folder.

    Parameters
    ----------
    data_dir
        Its DATA_DIR.
    workers
        Number of processes that answer.
    settings
        More variables of its environment.
    """

    def __init__(self, data_dir: Path, *, workers: int = 1, **settings: str) -> None:
        self.port = free_port()
        environment = {
            "DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(workers),
            **settings,
        }
        with (data_dir / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "api"],
                env=os.environ | environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until_it_answers(self.port, self._process)

    def decide(
        self,
        connection: HTTPConnection,
        **body: Any,  # noqa: ANN401
    ) -> tuple[int, Any]:
        """Ask for a decision; return status and answer."""
        connection.request("POST", "/decisions", json.dumps(body), JSON)
        answer = connection.getresponse()
        return answer.status, json.load(answer)

    @staticmethod
    def health(connection: HTTPConnection) -> Any:  # noqa: ANN401
        """Ask how it fares."""
        connection.request("GET", "/health")
        return json.load(connection.getresponse())

    def connect(self) -> HTTPConnection:
        """Open a connection."""
        return HTTPConnection("127.0.0.1", self.port, timeout=30)

    def limit_file_size(self, most: int) -> None:
        """Let its processes write no byte behind this one, in any file."""
        for pid in (self._process.pid, *self.workers()):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    def kill(self) -> None:
        """End all its processes at once, as a power cut would."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End it as an operator would."""
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(timeout=30) == 0

    def workers(self) -> list[int]:
        """Return the ids of the processes that answer."""
        supervisor = self._process.pid
        children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text()
        return [*map(int, children.split())]
