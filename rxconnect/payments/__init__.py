"""Card processors behind one protocol, each speaking our words at its border."""
