"""Review: staff decide about messages."""
