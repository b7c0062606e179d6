"""Buying credits: checkout, charges, receipts, auto-reload, and the card processor's webhooks."""
