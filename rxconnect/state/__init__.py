"""One State a screen. A handler guards, calls one service in one transaction, and assigns a read model."""
