"""Changes of custody: compare lists with the stored people, apply them, remember what changed, and take it back."""
