"""What every other folder may use: errors, time in Seoul, chance, wording, a request and an answer as data.

Imports nothing of this package.
"""
