"""How a tenant's rooms are kept and found: rows for few, numpy columns for very many.

`store` is the way in; the rest of the server uses nothing else of this package.
"""
