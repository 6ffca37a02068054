"""Requests and what they mean by the documentation: meaning, drawing, probes.

Never sends.
"""
