"""What staff do with a message."""
