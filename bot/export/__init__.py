"""Pure: measures and events become files: a calendar, a ledger, data."""
