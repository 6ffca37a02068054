"""What was asked, and what can be read from it: entries, filters, near misses, walks through pages, the score.

Reads requests and answers only; never the data they were answered from.
"""
