"""The chapters of a card: each takes the facts and gives a section."""
