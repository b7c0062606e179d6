"""`python -m rxconnect` is the `rxconnect` command."""

from rxconnect.cli import main

main()
