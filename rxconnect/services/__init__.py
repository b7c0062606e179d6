"""All writes and all authorisation: plain functions, `(session, actor, …) -> read model`, that never commit."""
