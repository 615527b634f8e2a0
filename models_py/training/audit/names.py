"""Names in the audit's document, and where its files lie; imports nothing heavy."""

from pathlib import Path

USUAL, DISJOINT, OUT_OF_TIME = "usual", "disjoint_customers", "out_of_time"
DATA, NO_SIGNAL = "data", "no_signal"
SCORE, LABEL, LATENT = "score", "label", "latent_risk"
NO_TRANSACTION, FRAUD, DEFAULT = "no_transaction", "fraud_after", "default_after"
SUPPLIED, SIMULATED = "supplied", "simulated"
# Columns of marts.fct_score_outcomes.
COLUMNS = {
    LABEL: "is_high_risk",
    NO_TRANSACTION: "is_inactive",
    FRAUD: "has_fraud",
    DEFAULT: "has_defaulted",
}
RISKIEST_SHARE = 0.2

NO_SIGNAL_FOLDER = Path("audit") / NO_SIGNAL
LATENT_FILE = Path("simulated") / "latent.csv"
JSON_NAME, TEXT_NAME, PICTURE_NAME = "audit.json", "audit.md", "leakage_audit.svg"
