"""README.md and the documents show a fresh run; the examples are there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.schemas.fields import EXAMPLE_CUSTOMER
from api.settings import Settings
from pipeline.documents import figures_of, read_reference
from pipeline.readme import REFERENCE, answers_of
from pipeline.settings import ROOT, settings_from
from pipeline.summary import read_report
from tests.conftest import Workspace

# Another machine's libraries may move the last digit of a point, and with it these.
OF_THE_LAST_DIGIT = ("model_version", "release_id")
# The lock has one XGBoost for Python 3.11 and a newer one from 3.12 on.
OF_ANOTHER_XGBOOST = ("xgboost", "price")


def assert_near(found: Any, expected: Any) -> None:  # noqa: ANN401 (any JSON)
    if isinstance(expected, dict):
        assert list(found) == list(expected)
        for name in expected:
            assert_near(found[name], expected[name])
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_near(one, other)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, abs=0.02)


def assert_same(found: Any, expected: Any) -> None:  # noqa: ANN401 (any JSON)
    if isinstance(expected, dict):
        assert list(found) == list(expected)
        for name in expected:
            if name in OF_ANOTHER_XGBOOST:
                assert_near(found[name], expected[name])
            elif name not in OF_THE_LAST_DIGIT:
                assert_same(found[name], expected[name])
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_same(one, other)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-6)
    else:
        assert found == expected


def test_the_answers_of_the_readme_are_those_of_a_fresh_release(
    simulated: Workspace,
) -> None:
    answers = answers_of(settings_from(simulated.environment(), ROOT))
    assert_same(answers, json.loads(REFERENCE.read_text())["answers"])


def test_the_figures_of_the_documents_are_those_of_a_fresh_run(
    simulated: Workspace,
) -> None:
    settings = settings_from(simulated.environment(), ROOT)
    figures = figures_of(settings, read_report(settings))
    assert_same(figures, read_reference()["simulated"])


def test_the_example_customer_of_the_documentation_is_simulated(
    simulated: Workspace,
) -> None:
    with TestClient(create_app(Settings(data_dir=simulated.data_dir))) as client:
        answer = client.get(f"/customers/{EXAMPLE_CUSTOMER}/score")
    assert answer.status_code == 200
