"""Money that goes back, and what a bank has taken back."""
