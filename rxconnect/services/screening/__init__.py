"""Screening: SEND, and the rules that decide whether staff must read a letter."""
