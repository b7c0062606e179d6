"""The money of the app: ledger, wallets, lots and cards, and the proofs that every cent and credit adds up."""
