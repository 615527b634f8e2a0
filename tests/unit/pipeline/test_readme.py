"""README.md shows what tests/reference/readme.json holds, and nothing else."""

import json
import re

import pytest

from pipeline.blocks import with_block
from pipeline.errors import PipelineError
from pipeline.readme import README, REFERENCE, readme_text
from pipeline.settings import ROOT


def test_figures_are_those_of_the_reference() -> None:
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    text = README.read_text(encoding="utf-8")
    assert readme_text(text, reference) == text


def test_another_figure_changes_the_readme() -> None:
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    reference["summary"]["champion"]["name"] = "xgboost"
    text = README.read_text(encoding="utf-8")
    assert readme_text(text, reference) != text


def test_a_lost_marker_is_told() -> None:
    with pytest.raises(PipelineError, match="no block figures"):
        with_block("nothing here", "figures", "text")


def test_every_make_target_of_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    text = README.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|\n)make ([a-z-]+)", text))
    assert named >= {"run", "test", "serve", "smoke", "setup"}
    assert named <= targets, named - targets
