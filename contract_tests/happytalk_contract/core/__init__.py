"""The types that all data of a run flows through, the one tree of errors, files.

Imports nothing of this package.
"""
