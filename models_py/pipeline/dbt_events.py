"""What dbt says while it runs: ``--log-format json``, one event a line."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import one_line

FINISHED = frozenset(
    {
        "LogModelResult",
        "LogNodeNoOpResult",
        "LogSeedResult",
        "LogSkipBecauseError",
        "LogSnapshotResult",
        "LogTestResult",
        "SkippingDetails",
    }
)
FAILED = frozenset({"fail", "error", "runtime error"})

_HEADING = re.compile(r"^(\w[\w ]*) Error in (\w+) (\S+) \(.*\)$")
_LOCKED = re.compile(r'Could not set lock on file "([^"]+)"(?:.*?\(PID (\d+)\))?', re.S)


@dataclass
class DbtRun:
    """What a dbt call has said so far.

    Attributes
    ----------
    total, done
        Models, seeds, snapshots and tests to do, and done; hooks are not
        counted. `total` is 0 until the first of them starts.
    landing_seconds
        Time of the on-run-start hooks, their Jinja included: that is where
        the files are landed.
    failures
        Unique ids of failed nodes in order, each with what dbt says of it
        (empty until it does).
    error
        What stopped dbt as a whole.
    unparsed
        Lines that are no events, such as a usage error.
    """

    total: int = 0
    done: int = 0
    landing_seconds: float = 0.0
    failures: dict[str, str] = field(default_factory=dict)
    error: str = ""
    unparsed: list[str] = field(default_factory=list)

    def read(self, line: str) -> None:
        """Take in one line of dbt's output.

        Examples
        --------
        >>> run = DbtRun()
        >>> run.read('{"info": {"name": "LogStartLine", "level": "info"},'
        ...          ' "data": {"index": 1, "total": 5}}')
        >>> (run.done, run.total)
        (0, 5)
        """
        try:
            event = json.loads(line)
            name, data = event["info"]["name"], event["data"]
        except (ValueError, KeyError, TypeError):
            self.unparsed.append(line.strip())
            return
        node = data.get("node_info") or {}
        unique_id = str(node.get("unique_id", ""))
        if name == "LogStartLine":
            self.total = int(data["total"])
        elif name in FINISHED:
            self.done += 1
            if str(data.get("status", "")).lower() in FAILED:
                self.failures.setdefault(unique_id, "")
        elif name == "LogHookEndLine" and "on-run-start" in unique_id:
            self.landing_seconds += float(data["execution_time"])
        elif name == "RunResultError":
            self.failures[unique_id] = str(event["info"]["msg"])
        elif name == "MainEncounteredError":
            self.error = str(data.get("exc", ""))


def failure_message(run: DbtRun, manifest: Path) -> str:
    """Say in one line why dbt failed.

    Parameters
    ----------
    run
        A dbt call that ended with an exit code other than 0.
    manifest
        dbt's ``manifest.json``: a failed test is told by its description,
        which says what to do.

    Returns
    -------
    str
        Of several failures the first, and how many more there are. A message
        that a macro raised comes without dbt's wrapping.
    """
    if run.error:
        return explained(run.error)
    if not run.failures:
        lines = [line for line in run.unparsed if line]
        return lines[-1] if lines else "dbt ended without saying why"
    # A hook's own error comes last, but it is the cause of the others.
    unique_id, said = min(
        run.failures.items(), key=lambda failure: not failure[0].startswith("operation")
    )
    description = _descriptions(manifest).get(unique_id, "")
    if unique_id.partition(".")[0] in ("test", "unit_test"):
        name = _node_name(unique_id)
        raised = " Error in " in said
        message = explained(said) if raised else f"test {name} failed"
        message = message if raised or not description else one_line(description)
    else:
        message = explained(said)
    more = len(run.failures) - 1
    return f"{message} (and {more} more)" if more else message


def explained(text: str) -> str:
    r"""Take a message out of what dbt and DuckDB wrap round it.

    Examples
    --------
    >>> explained('''Compilation Error in operation bati-on-run-start-0 (./p.yml)
    ...   a.csv has no column CustomerId
    ...
    ...   > in macro land_files (macros/m.sql)''')
    'a.csv has no column CustomerId'
    >>> explained('Runtime Error in model b (models/b.sql)\n  Out of Memory Error')
    'model b: Out of Memory Error'
    """
    locked = _LOCKED.search(text)
    if locked:
        path, process = locked.groups()
        who = f"process {process}" if process else "another process"
        return f"{path} is open in {who}: close it there, then run again"
    lines = [line.strip() for line in text.strip().splitlines()]
    where = ""
    kept = []
    for line in lines:
        heading = _HEADING.match(line)
        if heading:
            kind, resource, name = heading.groups()
            # Macros raise compilation errors: theirs is the whole message.
            where = "" if kind == "Compilation" else f"{resource} {name}: "
        elif not line.startswith(">") and line not in ("", "Runtime Error"):
            kept.append(line)
    return where + one_line(" ".join(kept))


def _descriptions(manifest: Path) -> Mapping[str, str]:
    try:
        content: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    nodes = {**content.get("nodes", {}), **content.get("unit_tests", {})}
    return {key: str(node.get("description") or "") for key, node in nodes.items()}


def _node_name(unique_id: str) -> str:
    """``test.bati.not_null_a_x.91d5`` -> ``not_null_a_x``."""
    parts = unique_id.split(".")
    return parts[-1] if parts[0] == "unit_test" else parts[2]
