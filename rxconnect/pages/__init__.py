"""One module a screen; each reads as its table of contents."""
