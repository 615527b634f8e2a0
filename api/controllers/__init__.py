"""The endpoints, one module per subject: each hands over to one answer."""
