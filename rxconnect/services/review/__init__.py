"""Review: the desk at which staff decide about messages. The queue, claims, decisions, and appeals."""
