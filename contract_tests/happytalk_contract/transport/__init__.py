"""HTTP, targets, credentials, and whether an endpoint can be judged at all.

The only place that holds a secret in the clear.
"""
