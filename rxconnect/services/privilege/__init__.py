"""The privileged lane at a facility: what staff learn of lawyers' letters, sealed printing, and the opening of one letter."""
