"""Finding people and facilities by what a worried person remembers of their names."""
