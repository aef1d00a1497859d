"""Copies of everything: backups, and homes made of them."""
