"""Somebody leaves: released, moved, or an account closed. What was theirs goes where it belongs."""
