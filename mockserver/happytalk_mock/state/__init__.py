"""Whose data it is: the mock, its tenants and their credentials, changes by hand, churn.

Every change is checked whole before any of it counts.
"""
