"""Refunds to cards, and payments that a bank has taken back (disputes)."""
