"""Rooms and messages in every documented order: rows for few, numpy columns for very many.

numpy is imported here; `store.rooms` is the way in.
"""
