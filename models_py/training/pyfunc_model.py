"""The scorecard as an MLflow model from code: its model is a JSON file.

MLflow runs this file when it loads the registered model; nothing is unpickled.
"""

import json
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from mlflow.pyfunc.model import PythonModel, PythonModelContext

from training.model_tables import ModelTables
from training.scorecard import Scorecard

ARTIFACT = "model_tables"


class ScorecardModel(PythonModel):
    """Scores frames of the 26 features by the tables in artifact `model_tables`."""

    def load_context(self, context: PythonModelContext) -> None:
        """Read the tables."""
        text = Path(context.artifacts[ARTIFACT]).read_text(encoding="utf-8")
        self.scorecard = Scorecard(ModelTables.from_content(json.loads(text)))

    def predict(
        self,
        context: PythonModelContext,  # noqa: ARG002 # MLflow's interface
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,  # noqa: ARG002 # MLflow's interface
    ) -> pd.DataFrame:
        """Score, shown score, proxy probability, grade and action per row."""
        score = self.scorecard.score(model_input)
        return pd.DataFrame(
            {
                "score": score,
                "score_shown": self.scorecard.score_shown(score).astype(float),
                "proxy_probability": self.scorecard.proxy_probability(score),
                "grade": self.scorecard.grade(score),
                "action": self.scorecard.action(score),
            }
        )


mlflow.models.set_model(ScorecardModel())
