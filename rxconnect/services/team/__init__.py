"""A facility's team of staff: who works there as what, and how administrators invite, change and suspend them; the languages they read."""
