"""Pure: a document becomes plans, measures, owners, dates and events."""
