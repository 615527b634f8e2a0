"""From labelled examples to a registered scorecard and its model tables."""
