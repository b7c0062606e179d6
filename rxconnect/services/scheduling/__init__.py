"""The scheduler's lease, and the batches in which jobs work."""
