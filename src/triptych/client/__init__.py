"""The Python library: a connection to an installation, and datasets as arrays."""
