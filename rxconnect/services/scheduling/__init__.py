"""What the scheduler and the jobs share: the lease, and work in batches."""
