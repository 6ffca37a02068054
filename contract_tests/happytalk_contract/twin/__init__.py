"""A twin: what one visit learns of an account and of how its API answers, as a folder that the mock serves.

The model predicts whole answers from the rooms that were read; it knows the documentation, and no line of the
mock. What leaves this folder for a file is pseudonymous.
"""
