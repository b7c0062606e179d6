"""Accounts, passwords, sign-ins, known devices, and the limits on attempts."""
