"""The card as one HTML file that needs nothing else."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from training.card.parts import NUMERIC_KINDS, Card, written

TEMPLATE = "card.html.j2"


def as_html(card: Card) -> str:
    """Render the card: no script, no link outside, the same bytes each time."""
    environment = Environment(
        loader=PackageLoader("training.card", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["written"] = written
    page = environment.get_template(TEMPLATE)
    return page.render(card=card, numeric_kinds=NUMERIC_KINDS)
