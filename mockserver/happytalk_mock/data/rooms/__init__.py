"""How generated rooms come about: their times, then their texts, on demand.

`data.source` is the way in.
"""
