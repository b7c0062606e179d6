"""Photos in letters: uploads and what is made of them, their storage, drafts that have them, and who may see them."""
