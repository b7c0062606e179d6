"""Audit: what staff see, do and export, in one hash chain a facility; its verification, search, export and daily heads."""
