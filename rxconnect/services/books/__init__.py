"""Reading the ledger: history, statements, finance, explanations, and the comparison with the processor."""
