"""Arbitrary updates, pages, documents and configuration files through the real entry points; long by `make fuzz`."""
