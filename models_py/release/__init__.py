"""Freezes what a decision needs into an immutable release folder."""
