"""Quality: second readings by another reviewer, what became of those that disagree, how far readings agree, and warm-ups."""
