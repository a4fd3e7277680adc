"""planbot: a school district's work plan that answers for itself."""
