"""Card processors behind one protocol. Each translates its own vocabulary into ours."""
