"""What anybody may read before signing up: facilities and their prices. Nothing in here is about a person."""
