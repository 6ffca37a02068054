"""The WSGI server. granian is imported here and nowhere else.

Knows nothing of what it serves.
"""
