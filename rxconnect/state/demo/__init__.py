"""What the pages of demo sessions show: the room, what its trainer does, and its summary."""
