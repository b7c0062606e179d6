"""States of demo sessions: the room, the trainer's controls, and the summary."""
