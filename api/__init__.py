"""The scoring API: serves one immutable release, and nothing else."""
