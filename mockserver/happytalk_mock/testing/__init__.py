"""What a test holds: the pytest plugin, MockServer, transports without a socket, the admin client.

Importing this package alone loads nothing: a plugin is imported in every run of its user.
"""
