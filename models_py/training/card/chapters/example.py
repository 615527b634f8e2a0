"""Chapter with Basel's formulas, on inputs that are nobody's."""

from training.card.basel import retail_capital
from training.card.parts import Column, Section, Table
from training.card.reading import Facts

PROBABILITIES = (0.02, 0.05, 0.10)
LOSS_GIVEN_DEFAULT, EXPOSURE = 0.45, 1000.0


def capital_example(facts: Facts) -> Section:
    """Work the retail formulas for three probabilities of default."""
    rows: list[dict[str, float]] = []
    for probability in PROBABILITIES:
        capital = retail_capital(
            probability_of_default=probability,
            loss_given_default=LOSS_GIVEN_DEFAULT,
            exposure_at_default=EXPOSURE,
        )
        rows.append(
            {
                "pd": probability,
                "lgd": LOSS_GIVEN_DEFAULT,
                "ead": EXPOSURE,
                "correlation": capital.correlation,
                "k": capital.requirement,
                "rwa": capital.risk_weighted_assets,
                "capital": capital.capital,
                "el": capital.expected_loss,
            }
        )
    low, right = rows[0], rows[1]
    return Section(
        name="capital_example",
        title="Example: what a probability of default would mean for capital",
        text=[
            "An example. PD, LGD and EAD below are chosen for it; none is estimated"
            " from these data, and the score must not be put in their place:"
            f" {_why(facts)}.",
            "Other retail (Basel Framework CRE31):"
            " w = (1 − e^(−35 PD)) ÷ (1 − e^(−35)); R = 0.03 w + 0.16 (1 − w);"
            " K = LGD × N((G(PD) + √R × G(0.999)) ÷ √(1 − R)) − PD × LGD;"
            " RWA = 12.5 × K × EAD; capital = 8 % of RWA; EL = PD × LGD × EAD."
            " N is the normal distribution, G its inverse.",
            "The lines show why risk measurement is regulated: an estimate of"
            f" {low['pd']:.0%} where {right['pd']:.0%} is right would hold"
            f" {1 - low['capital'] / right['capital']:.1%} too little capital, and"
            f" {low['el'] / right['el']:.0%} of the expected loss.",
        ],
        tables=[
            Table(
                "example",
                "Example inputs (the first three columns) and what follows.",
                [
                    Column("pd", "PD", "share"),
                    Column("lgd", "LGD", "share"),
                    Column("ead", "EAD", "count"),
                    Column("correlation", "R", "decimal"),
                    Column("k", "K", "decimal"),
                    Column("rwa", "RWA", "points"),
                    Column("capital", "capital", "points"),
                    Column("el", "EL", "points"),
                ],
                rows,
            )
        ],
    )


def _why(facts: Facts) -> str:
    if facts.is_proxy:
        return "it is no probability of default"
    days = facts.parameters["outcome_days"]
    return f"PD is of a year, its probability of the {days} days after a snapshot"
