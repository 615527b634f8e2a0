"""What a notebook cell calls: a question by its name, asked and drawn."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from notebooks import words
from notebooks.about import About, about
from notebooks.analyses import Analysis, ask, read_analyses
from notebooks.exhibit import Exhibit
from notebooks.pictures import PICTURES
from pipeline.settings import Settings, settings_from


@dataclass(frozen=True, kw_only=True)
class Gallery:
    """The questions, and the warehouse that answers them."""

    warehouse: Path
    analyses: Mapping[str, Analysis]
    overview: pd.DataFrame
    about: About

    def show(self, name: str) -> Exhibit:
        """Ask the analysis of this name and draw its answer."""
        analysis = self.analyses[name]
        rows = ask(self.warehouse, analysis.sql)
        drawing = None if rows.empty else PICTURES[name](rows, self.about)
        return Exhibit(analysis=analysis, rows=rows, drawing=drawing, about=self.about)

    @property
    def introduction(self) -> str:
        """Say in Markdown what the warehouse holds."""
        row = self.overview.iloc[0]
        origin = (
            "**These are simulated data: they say something about the simulator, "
            "nothing about customers.**\n\n"
            if self.about.is_simulated
            else ""
        )
        spare = int(row.days_covered - row.days_needed)
        enough = (
            f"{words.count(spare, 'day')} more than a train and a test snapshot need"
            if spare >= 0
            else f"{words.count(-spare, 'day')} too few for a train and a test snapshot"
        )
        return (
            f"{origin}{words.count(row.file_count, 'file').capitalize()} with "
            f"{words.count(row.input_row_count, 'row')}: "
            f"{words.count(row.transaction_count, 'transaction')} of "
            f"{words.count(row.customer_count, 'customer')} accepted, "
            f"{words.count(row.rejected_row_count, 'row')} rejected. They add up to "
            f"{words.amount(row.total_value)} {self.about.currency}, "
            f"{words.percent(row.credit_share)} of them credits, and cover "
            f"{words.count(row.days_covered, 'day')} from {words.day(row.data_start)} "
            f"on, {enough}. Features read {words.count(row.observation_days, 'day')} "
            "before a snapshot, the label "
            f"{words.count(row.outcome_days, 'day')} after it."
        )


def open_gallery(settings: Settings | None = None) -> Gallery:
    """Read the compiled analyses and what the warehouse is about.

    Parameters
    ----------
    settings
        Where things are; by default as the environment says.

    Raises
    ------
    PipelineError
        The analyses are not compiled, or the warehouse cannot answer.
    """
    settings = settings or settings_from(os.environ, Path.cwd())
    analyses = read_analyses(settings.manifest)
    overview = ask(settings.warehouse, analyses["warehouse_overview"].sql)
    return Gallery(
        warehouse=settings.warehouse,
        analyses=analyses,
        overview=overview,
        about=about(overview),
    )
