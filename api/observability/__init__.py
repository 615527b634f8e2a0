"""What happens, told without telling about whom: request ids, logs, metrics."""
