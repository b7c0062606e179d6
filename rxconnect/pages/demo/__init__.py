"""Pages of demo sessions: start and join one, its room, its end and its summary."""
