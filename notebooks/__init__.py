"""Exploration of the marts: the questions are SQL in ``dbt_project/analyses``."""
