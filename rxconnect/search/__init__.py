"""Search for people and facilities that forgives typing errors, nicknames and names that sound alike."""
