"""The rules as pytest tests. Importing this package alone loads nothing."""
