"""Pure: whom a notice is for, what it asks of people, and what should not be in it."""
