"""Buying credits: checkout, charge, receipt, auto-reload, and what the card processor says later."""
