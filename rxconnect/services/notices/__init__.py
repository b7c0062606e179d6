"""Notices to people outside the app, as emails and pushes: what is sent to whom and when, and what comes back.

It imports no other package of services but `push` and `scheduling`, since those that tell families something import it.
"""
