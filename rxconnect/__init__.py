"""RxConnect: the open, honest message service between people in custody and their families."""

__version__ = "0.1.0"
