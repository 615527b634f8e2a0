"""The model card: one version told to a validator, as HTML and as JSON."""
