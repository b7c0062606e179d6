"""Rosters: read a roster file, plan the changes that it makes, and apply them."""
