"""A twin: an account and an API as `happytalk-contract learn` recorded them, read from its folder.

A recorder's data, so nothing here judges it: whatever fields and values a room or message has, it is served with.
"""
