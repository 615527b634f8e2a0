"""``make run``: raw data, dbt, training, scores, release and the summary."""
