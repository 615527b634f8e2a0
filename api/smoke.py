"""Calls every endpoint of a running server and prints what it answers.

It decides about a customer of each status, and reviews what is referred of that: these
records stay, with the author smoke.
"""

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen
from uuid import uuid4

import duckdb

from api.settings import Settings
from release.layout import CUSTOMERS_FILE, current_release_id

SECONDS_TO_ANSWER: Final = 10
LONGEST_PRINTED: Final = 2_000
UNKNOWN_CUSTOMER: Final = "nobody's id"
# Addresses that mean "every interface" are not addresses to call.
CALLABLE_HOSTS: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (not bound here)

ANY_CUSTOMER: Final = """
select customer_id
from customers
where status = ?
order by customer_id
limit 1
"""


class SmokeError(Exception):
    """The server cannot be called; the message says why."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, the status and the fields that its answer must have."""

    method: str
    path: str
    status: int = 200
    expected: dict[str, Any] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of an answer; JSON is decoded, anything else is text."""

    status: int
    content: Any

    def meets(self, call: Call) -> bool:
        """Whether this is what the call expects."""
        if self.status != call.status or not call.expected:
            return self.status == call.status
        return isinstance(self.content, dict) and all(
            self.content.get(name) == value for name, value in call.expected.items()
        )


def run(settings: Settings, scored: str | None, not_scored: str | None) -> int:
    """Call the server of these settings.

    Parameters
    ----------
    settings
        Address of the server, and the folder of its release.
    scored, not_scored
        Customers to ask for; taken from the release when absent.

    Returns
    -------
    int
        0 if every answer was as expected, 1 otherwise.

    Raises
    ------
    SmokeError
        If nothing answers there.
    """
    base = _base_address(settings)
    customers = _customers(settings, {"scored": scored, "not_scored": not_scored})
    calls = [
        Call("GET", "/health", expected={"status": "ok", "model_loaded": True}),
        Call("GET", "/ready", expected={"status": "ready"}),
        Call("HEAD", "/health"),
        Call("HEAD", "/ready"),
        *_score_calls(customers),
        *_predict_calls(base),
        *_decision_calls(base, customers.values()),
        Call("GET", "/model"),
        Call("GET", "/metrics"),
        Call("GET", "/docs"),
    ]
    unexpected = 0
    for call in calls:
        answer = _send(base, call)
        unexpected += not answer.meets(call)
        _print(call, answer)
    outcome = f"{unexpected} unexpected" if unexpected else "all as expected"
    sys.stdout.write(
        "these decisions, and reviews by author smoke, stay in the server's records\n"
        f"{len(calls)} calls to {base}: {outcome}\n"
    )
    return 1 if unexpected else 0


def _customers(settings: Settings, named: dict[str, str | None]) -> dict[str, str]:
    """Return a customer of each status, where there is one."""
    customers = {}
    for status, given in named.items():
        customer_id = given or _any_customer(settings, status)
        if customer_id is None:
            sys.stdout.write(f"the release has no customer that is {status}\n")
        else:
            customers[status] = customer_id
    return customers


def _score_calls(customers: dict[str, str]) -> list[Call]:
    calls = []
    for status, customer_id in customers.items():
        expected = {"customer_id": customer_id, "status": status}
        for what in ("score", "features"):
            path = _customer_path(customer_id, what)
            calls.append(Call("GET", path, expected=expected))
    unknown = _customer_path(UNKNOWN_CUSTOMER, "score")
    many = {"customer_ids": [UNKNOWN_CUSTOMER]}
    return [
        *calls,
        Call("GET", unknown, 404, {"status": 404}),
        Call("POST", "/scores", body=many),
    ]


def _predict_calls(base: str) -> list[Call]:
    describe = Call("GET", "/docs/openapi.json")
    document = _send(base, describe).content
    try:
        example = document["components"]["schemas"]["PredictRequest"]["examples"][0]
    except (KeyError, TypeError) as error:
        message = f"what answers at {base} is not this API; check HOST and PORT"
        raise SmokeError(message) from error
    in_order = [*example["features"].values()]
    return [
        describe,
        Call("POST", "/predict", body=example),
        Call("POST", "/predict", body={"features": in_order}),
        Call("POST", "/predict", 422, {"status": 422}, in_order[:-1]),
    ]


def _decision_calls(base: str, customer_ids: Iterable[str]) -> list[Call]:
    calls = [Call("GET", "/reviews")]
    for customer_id in customer_ids:
        body = {"customer_id": customer_id, "idempotency_key": f"smoke-{uuid4()}"}
        decide = Call("POST", "/decisions", 201, body=body)
        made = _send(base, decide)
        if not made.meets(decide) or not isinstance(made.content, dict):
            calls.append(decide)
            continue
        decision_id = str(made.content.get("decision_id"))
        path = f"/decisions/{quote(decision_id, safe='')}"
        listed = f"/decisions?customer_id={quote(customer_id, safe='')}"
        calls += [
            # The same key again: the same decision.
            replace(decide, expected={"decision_id": decision_id}),
            Call("GET", path, expected={"outcome": made.content.get("action")}),
            Call("GET", listed),
            Call("POST", f"{path}/replay", expected={"identical": True}),
        ]
        if made.content.get("action") == "refer":
            review = {"outcome": "approve", "reason": "smoke test", "author": "smoke"}
            expected = {"outcome": "approve"}
            calls.append(Call("POST", f"{path}/review", 201, expected, review))
    return calls


def _customer_path(customer_id: str, what: str) -> str:
    return f"/customers/{quote(customer_id, safe='')}/{what}"


def _any_customer(settings: Settings, status: str) -> str | None:
    release_id = current_release_id(settings.releases_dir)
    if release_id is None:
        message = (
            f"no release in {settings.releases_dir} to take customers from; give both "
            "make serve and make smoke the same DATA_DIR, or name customers with "
            "python -m api smoke --scored ID --not-scored ID"
        )
        raise SmokeError(message)
    path = settings.releases_dir / release_id / CUSTOMERS_FILE
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            row = connection.execute(ANY_CUSTOMER, [status]).fetchone()
    except duckdb.Error as error:
        message = f"cannot read {path}: {str(error).splitlines()[0]}"
        raise SmokeError(message) from error
    return None if row is None else str(row[0])


def _base_address(settings: Settings) -> str:
    host = CALLABLE_HOSTS.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _send(base: str, call: Call) -> Answer:
    request = Request(  # noqa: S310 (the address is http and our own)
        base + call.path,
        method=call.method,
        data=None if call.body is None else json.dumps(call.body).encode(),
        headers=_headers(),
    )
    try:
        with urlopen(request, timeout=SECONDS_TO_ANSWER) as response:  # noqa: S310 (as above)
            return _read(response.status, response.read())
    except HTTPError as error:
        return _read(error.code, error.read())
    except (URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        message = (
            f"no answer from {base} ({reason}); start it with make serve "
            "(python -m api), and give both the same PORT"
        )
        raise SmokeError(message) from error


def _headers() -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get("API_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    return headers


def _read(status: int, body: bytes) -> Answer:
    try:
        return Answer(status, json.loads(body))
    except ValueError:
        return Answer(status, body.decode("utf-8", "replace"))


def _print(call: Call, answer: Answer) -> None:
    mark = "ok" if answer.meets(call) else "UNEXPECTED"
    lines = [f"{mark}: {call.method} {call.path} -> {answer.status}"]
    if call.body is not None:
        lines.append(f"body {json.dumps(call.body)}")
    text = answer.content
    if not isinstance(text, str):
        text = json.dumps(answer.content, indent=2, ensure_ascii=False)
    if len(text) > LONGEST_PRINTED:
        text = f"({len(text):,} characters)"
    sys.stdout.write("\n".join([*lines, text, "", ""]))
