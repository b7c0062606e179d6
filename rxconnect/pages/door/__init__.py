"""Pages for people who need not be signed in."""
