"""The frames around pages: a shared one, and one for each face."""
