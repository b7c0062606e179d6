"""Letters: drafts, sending, moves of their status, and what is shown of them."""
