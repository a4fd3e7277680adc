"""Pictures drawn from rows: pure, with a font of the package."""
