"""Services do all writes and all authorisation. They are functions, `(session, actor, …) -> read model`, that never commit."""
