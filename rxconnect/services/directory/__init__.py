"""Facilities, the people in them, and the contacts of an account."""
