"""Pages of demo sessions: starting and joining one, its room, and what comes after."""
