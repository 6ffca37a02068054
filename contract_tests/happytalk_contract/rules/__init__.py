"""The catalogue: a rule is a sentence of the documentation and a check over recorded exchanges.

A rule is one decorated function. A check never sends.
"""
