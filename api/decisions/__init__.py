"""Decisions: made, recorded in hash chains, replayed and reviewed; without HTTP."""
