"""A facility's roster: what a file says of its people, what that would change, and the change."""
