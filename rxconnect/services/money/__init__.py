"""Where every cent and credit is: ledger, wallets and lots, cards, and the proofs that all of it adds up."""
