"""A question, its picture, the sentence that reads it, and the numbers behind."""

import base64
import html
import io
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from notebooks.about import About
from notebooks.analyses import Analysis

SHOWN_ROWS = 30


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What a picture function returns.

    Attributes
    ----------
    title
        What is drawn, in a few words.
    sentence
        What the picture shows; its numbers come from the query.
    alt
        What kind of picture it is, for who cannot see it.
    """

    figure: Figure
    title: str
    sentence: str
    alt: str


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """One `Drawing` with the question it answers; a notebook cell shows it.

    `drawing` is None where the query returned no rows.
    """

    analysis: Analysis
    rows: pd.DataFrame
    drawing: Drawing | None
    about: About

    def _mime_(self) -> tuple[str, str]:
        return "text/html", self.html

    @property
    def html(self) -> str:
        """The exhibit on its own: no file, script or address beside it."""
        note = "<strong>Simulated data.</strong> " if self.about.is_simulated else ""
        if self.drawing is None:
            picture = ""
            sentence = "Nothing to show: the query returned no rows."
        else:
            picture = (
                f'<img alt="{html.escape(self.drawing.alt)}" style="max-width:100%" '
                f'src="data:image/png;base64,{self._png(self.drawing)}">'
            )
            sentence = self.drawing.sentence
        return (
            f'<figure id="{self.analysis.name}" style="margin:1.5em 0">'
            f"<h3>{html.escape(self.analysis.question)}</h3>{picture}"
            f"<figcaption>{note}{html.escape(sentence)}</figcaption>"
            f"<details><summary>numbers and SQL</summary>"
            f"<p>{html.escape(self.analysis.explanation)}</p>{_table(self.rows)}"
            f"<pre>{html.escape(self.analysis.sql)}</pre></details></figure>"
        )

    def _png(self, drawing: Drawing) -> str:
        """Draw it; a picture that is copied out of here still says what it is."""
        suffix = " · simulated data" if self.about.is_simulated else ""
        drawing.figure.suptitle(drawing.title + suffix, x=0.01, ha="left", fontsize=11)
        buffer = io.BytesIO()
        drawing.figure.savefig(buffer, format="png", metadata={"Software": None})
        return base64.b64encode(buffer.getvalue()).decode("ascii")


def _table(rows: pd.DataFrame) -> str:
    table = rows.head(SHOWN_ROWS).to_html(
        index=False, border=0, na_rep="", float_format="{:,.6g}".format
    )
    rest = len(rows) - SHOWN_ROWS
    return table + (f"<p>and {rest:,} more rows</p>" if rest > 0 else "")
