"""The usual way to serve a credit model: FastAPI around a scikit-learn forest."""

from typing import Any

import numpy as np
from fastapi import FastAPI
from pydantic import BaseModel, Field
from sklearn.ensemble import RandomForestClassifier

FEATURES = 26
ROWS = 5_000
TREES = 100


class Vector(BaseModel):
    """26 feature values in order."""

    features: list[float] = Field(min_length=FEATURES, max_length=FEATURES)


def create_app() -> FastAPI:
    """Fit a forest on noise, as large as a real one, and serve it."""
    draw = np.random.default_rng(42)
    values = draw.normal(size=(ROWS, FEATURES))
    labels = values[:, 0] + draw.normal(size=ROWS) > 0
    forest = RandomForestClassifier(n_estimators=TREES, random_state=42)
    forest.fit(values, labels)
    app = FastAPI()

    @app.post("/predict")
    def predict(vector: Vector) -> dict[str, Any]:
        probability = forest.predict_proba([vector.features])[0, 1]
        return {"prediction": int(probability > 0.5), "probability": probability}

    return app
