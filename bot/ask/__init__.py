"""Pure: a question becomes an answer made of the plan's own measures."""
