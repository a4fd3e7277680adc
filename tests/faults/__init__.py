"""The proof of the ledger: real processes against our own Telegram and real databases, with everything that can break broken."""
