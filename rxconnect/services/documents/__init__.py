"""What the readers of documents share: XML piece by piece, the forms of numbers, the breaks of pages, how long a list says that it is, and
which of its columns without a name hold what."""
