"""The catalogue: a rule is a sentence of the documentation and a check over recorded exchanges.

A check never sends.
"""
