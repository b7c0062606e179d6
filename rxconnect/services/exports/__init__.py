"""Exports: what an account takes along of its own, as files."""
