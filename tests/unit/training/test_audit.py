"""Designs differ in what they say they differ in, and what is measured is theirs."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from training.auc import Auc
from training.audit import leakage
from training.audit.designs import DESIGNS
from training.audit.leakage import Part, measure_designs, sampled
from training.audit.names import DISJOINT, OUT_OF_TIME, USUAL
from training.audit.picture import picture_of
from training.audit.report import leakage_lines, leakage_text
from training.candidates import CANDIDATES
from training.examples import Examples
from training.fitting import Problem
from training.settings import AUDIT_LABEL, TARGET_LABEL
from training.splits import TEST, TRAIN

Label = npt.NDArray[np.bool_]

FAST = "decision_tree"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leakage, "CANDIDATES", {FAST: CANDIDATES[FAST]})


def parts_of(examples: Examples, problem: Problem) -> Mapping[str, Part]:
    settings = replace(problem.settings, bootstrap_resamples=20)
    news = measure_designs(examples, settings)
    return {part.design: part for part in news if isinstance(part, Part)}


def with_label(examples: Examples, name: str, label: Label) -> Examples:
    return replace(examples, frame=examples.frame.assign(**{name: label}))


def auc_of(part: Part) -> float:
    auc = part.aucs[FAST].auc
    assert auc is not None
    return auc


def test_the_usual_design_has_a_row_per_transaction_and_customers_in_both_parts(
    problem: Problem,
) -> None:
    examples = problem.examples
    drawn = DESIGNS[USUAL].draw(examples, 42)
    test = examples.frame[examples.frame["split"] == "test"]
    both = np.r_[drawn.fitted, drawn.measured]
    counted = pd.Series(both).value_counts().sort_index()
    assert list(counted) == list(test["transaction_count"])
    assert len(drawn.measured) == pytest.approx(0.2 * len(both), abs=1)
    rates = [
        examples.frame[AUDIT_LABEL].to_numpy()[rows].mean()
        for rows in (drawn.fitted, drawn.measured)
    ]
    assert rates[0] == pytest.approx(rates[1], abs=0.002)
    customers = examples.frame["customer_id"].to_numpy()
    seen = np.isin(customers[drawn.measured], customers[drawn.fitted])
    assert seen.mean() > 0.8


def test_disjoint_customers_share_none_and_time(problem: Problem) -> None:
    drawn = DESIGNS[DISJOINT].draw(problem.examples, 42)
    fitted, measured = (
        problem.examples.frame.iloc[rows] for rows in (drawn.fitted, drawn.measured)
    )
    assert len(fitted) > len(measured) > 0
    assert not set(fitted["customer_id"]) & set(measured["customer_id"])
    assert set(fitted["snapshot_date"]) == set(measured["snapshot_date"])


def test_out_of_time_is_what_training_does(problem: Problem) -> None:
    drawn = DESIGNS[OUT_OF_TIME].draw(problem.examples, 42)
    assert drawn.fitted.tolist() == problem.splits.rows[TRAIN].tolist()
    assert drawn.measured.tolist() == problem.splits.rows[TEST].tolist()


@pytest.mark.usefixtures("fast")
def test_with_nothing_to_predict_only_the_outcome_window_says_so(
    problem: Problem,
) -> None:
    """The label of the outcome window is shuffled; the circular one is as it was."""
    target = problem.examples.frame[TARGET_LABEL].to_numpy(dtype=bool)
    shuffled = np.random.default_rng(1).permutation(target)
    parts = parts_of(with_label(problem.examples, TARGET_LABEL, shuffled), problem)
    assert list(parts) == [USUAL, DISJOINT, OUT_OF_TIME]
    assert auc_of(parts[USUAL]) > 0.95
    assert auc_of(parts[DISJOINT]) > 0.95
    assert auc_of(parts[OUT_OF_TIME]) == pytest.approx(0.5, abs=0.1)
    assert parts[USUAL].share_seen > 0.8
    assert parts[DISJOINT].share_seen == 0


@pytest.mark.usefixtures("fast")
def test_one_class_has_a_reason_and_no_figure(problem: Problem) -> None:
    nobody = np.zeros(len(problem.examples.frame), dtype=bool)
    parts = parts_of(with_label(problem.examples, AUDIT_LABEL, nobody), problem)
    assert parts[USUAL].aucs == parts[DISJOINT].aucs == {}
    assert parts[USUAL].missing == f"{AUDIT_LABEL} has one class only"
    assert auc_of(parts[OUT_OF_TIME]) > 0.6
    document = document_of(list(parts.values()))
    assert "one class only" in leakage_lines(document)[1]
    assert "not available" in leakage_text(document, picture="p.svg")


def test_a_sample_keeps_customers_whole(problem: Problem) -> None:
    examples = problem.examples
    kept = sampled(examples, most=50, seed=1)
    names = set(kept.frame["customer_id"])
    assert len(names) == 50
    whole = examples.frame[examples.frame["customer_id"].isin(names)]
    assert len(kept.frame) == len(whole)
    assert kept.frame.equals(sampled(examples, most=50, seed=1).frame)
    assert sampled(examples, most=10**6, seed=1) is examples


def part(design: str, auc: float | None, name: str = "scorecard") -> Part:
    measured = Auc(auc, None if auc is None else auc - 0.1, auc and auc + 0.1)
    return Part(design, 80, 20, 20, 0.5, 0.4, {name: measured})


def document_of(parts: list[Part], name: str = "data") -> dict[str, Any]:
    studied = {"name": name, "title": "Simulated data", "customers": 9}
    designs = {
        name: {"title": d.title, "label": d.label, "description": d.description}
        for name, d in DESIGNS.items()
    }
    document = {
        "leakage": {
            "designs": designs,
            "studied": [{**studied, "parts": [asdict(part) for part in parts]}],
        }
    }
    return json.loads(json.dumps(document))  # type: ignore[no-any-return]


def test_the_picture_places_an_auc_on_its_axis() -> None:
    draw: Callable[[float], ET.Element] = lambda auc: ET.fromstring(  # noqa: E731, S314
        picture_of(document_of([part(USUAL, auc), part(DISJOINT, 0.8)]))
    )
    places = []
    for auc in (0.5, 0.7):
        svg = draw(auc)
        moved, fixed = svg.findall(f"{SVG}circle")
        places.append((float(moved.get("cx", 0)), float(fixed.get("cx", 0))))
        texts = [text.text for text in svg.iter(f"{SVG}text")]
        assert f"{auc:.3f}" in texts
        assert "scorecard" in texts
        ticks = {t.text: float(t.get("x", 0)) for t in svg.iter(f"{SVG}text")}
        assert places[-1][0] == pytest.approx(ticks[f"{auc:.1f}"], abs=0.2)
    assert places[0][1] == places[1][1]


def test_a_missing_auc_is_said_in_picture_and_text() -> None:
    document = document_of([part(USUAL, None), part(OUT_OF_TIME, 0.8)])
    assert "not available" in picture_of(document)
    text = leakage_text(document, picture="p.svg")
    assert "0.800 [0.700, 0.900]" in text
    assert "Customers with nothing to predict: not available" in text
    with_both = document_of([part(USUAL, 0.9)], name="no_signal")
    assert "nothing to predict: not available" not in leakage_text(
        with_both, picture="p.svg"
    )
