"""Pure: who is owed which reminder, and when."""
