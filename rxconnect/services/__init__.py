"""Services do all writes and all authorisation: functions, `(session, actor, …) -> read model`, that never commit."""
