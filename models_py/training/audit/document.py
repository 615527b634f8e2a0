"""The audit as one document for programs: ``reports/audit.json``."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from training.audit.designs import DESIGNS
from training.audit.leakage import Part
from training.audit.proxy import Proxy

Json = dict[str, Any]


@dataclass(frozen=True)
class Studied:
    """One data set under all designs."""

    name: str
    title: str
    customers: int
    parts: Sequence[Part]


@dataclass(frozen=True)
class Audit:
    """Both audits of one warehouse."""

    parameters_hash: str
    seed: int
    studied: Sequence[Studied]
    proxy: Proxy


def as_json(audit: Audit) -> Json:
    """Everything that was measured; the same run gives the same text."""
    return {
        "data": "simulated" if audit.proxy.is_simulated else "raw",
        "parameters_hash": audit.parameters_hash,
        "seed": audit.seed,
        "leakage": {
            "designs": {
                name: {
                    "title": design.title,
                    "label": design.label,
                    "description": design.description,
                }
                for name, design in DESIGNS.items()
            },
            "studied": [asdict(studied) for studied in audit.studied],
        },
        "proxy": asdict(audit.proxy),
    }
