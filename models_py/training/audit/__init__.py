"""What an audit measures: how a design flatters itself, and what the proxy is worth.

Nothing here trains a model that is kept, or writes to the warehouse.
"""
