"""The server: an event loop that answers the endpoints, a pool for a WSGI application. httptools and uvloop live here.

Knows nothing of what it serves. Only what is known to be quick runs on the loop; nothing on it ever waits.
"""
