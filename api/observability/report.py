"""All that Prometheus is told, from the counts of this process."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date

from api.decisions.recording import Recording
from api.observability.metrics import DECISIONS, SCORES, Family, Sample
from api.observability.recorder import Recorder
from api.release_store import ReleaseStore
from api.schemas.health import Health
from api.stop_switch import age_in_days


def families(
    store: ReleaseStore,
    recorder: Recorder,
    recording: Recording,
    *,
    health: Health,
    today: date,
) -> Iterator[Family]:
    """Give every family, in the order in which it is written.

    Parameters
    ----------
    store, recorder, recording
        What is served, what was asked, and whether decisions can be recorded.
    health
        What ``/health`` answers at this moment.
    today
        Day to which the age of the snapshot is counted.
    """
    yield Family(
        "bati_requests_total",
        "counter",
        "Requests answered; status 499 is a caller who left.",
        recorder.metrics.counts(),
    )
    yield Family(
        "bati_request_duration_seconds",
        "histogram",
        "Time from the request's head to the end of the answer.",
        recorder.metrics.durations(),
    )
    yield _gauge(
        "bati_requests_in_flight", "Requests being answered.", recorder.in_flight
    )
    yield _by_action("bati_scores_total", "Scores computed, by action.", SCORES)
    yield _by_action("bati_decisions_total", "Decisions made, by action.", DECISIONS)
    yield Family(
        "bati_records_refused_total",
        "counter",
        "Decisions and reviews that could not be recorded.",
        [("", {}, float(recording.refused))],
    )
    yield _gauge(
        "bati_recording_works",
        "1 if the last attempt to record succeeded or none was made, 0 if it failed.",
        recording.problem is None,
    )
    yield from _alarms(health)
    yield from _release(store, today)
    if recorder.log is not None:
        yield Family(
            "bati_log_lines_dropped_total",
            "counter",
            "Log lines of requests that nobody took.",
            [("", {}, float(recorder.log.dropped))],
        )
    yield Family(
        "process_cpu_seconds_total",
        "counter",
        "Processor time, user and system.",
        [("", {}, time.process_time())],
    )


def _alarms(health: Health) -> Iterator[Family]:
    """Give 1 or 0 for what ``/health`` says in words, which no label should hold."""
    yield _gauge(
        "bati_degraded",
        "1 while /health is degraded, 0 while it is ok.",
        health.status == "degraded",
    )
    yield _gauge(
        "bati_release_refused",
        "1 while the release that CURRENT names is not served, 0 while it is.",
        health.problem is not None,
    )
    yield _gauge(
        "bati_decisions_stopped",
        "1 while nothing is decided: no release, a DISABLED file, or data too old.",
        health.decisions_refused is not None,
    )
    yield _gauge(
        "bati_data_warning",
        "1 while old data are decided on, as nothing limits their age, else 0.",
        health.data_warning is not None,
    )


def _release(store: ReleaseStore, today: date) -> Iterator[Family]:
    release = store.loaded
    labels = {}
    if release is not None:
        manifest = release.manifest
        labels = {
            "release_id": manifest.release_id,
            "model_version": manifest.model_version,
            "snapshot_date": manifest.snapshot_date,
            "data": manifest.data,
        }
    yield Family(
        "bati_release_info",
        "gauge",
        "1 for the release that is served; none without one.",
        [("", labels, 1.0)] if labels else [],
    )
    if release is not None:
        yield _gauge(
            "bati_snapshot_age_days",
            "Days since the snapshot that scores stand on.",
            age_in_days(release.manifest.snapshot_date, today),
        )


def _gauge(name: str, text: str, value: float) -> Family:
    return Family(name, "gauge", text, [("", {}, float(value))])


def _by_action(name: str, text: str, counts: Counter[str]) -> Family:
    samples: list[Sample] = [
        ("", {"action": action}, float(count))
        for action, count in sorted(counts.items())
    ]
    return Family(name, "counter", text, samples)
