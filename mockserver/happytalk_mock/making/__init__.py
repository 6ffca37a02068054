"""How generated rooms come about: their times, then their texts, on demand.

`generator` is the way in; the rest of the server uses nothing else of this package but the pools.
"""
