"""The two endpoints, and what stands between them and HTTP.

A request as decoded in, an answer in the documented envelope out; no framework.
"""
