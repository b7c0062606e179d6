"""Somebody leaves: released, moved, or an account closed. Their messages and credits are returned, moved or refunded."""
