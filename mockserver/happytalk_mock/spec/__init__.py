"""What the two documentation pages say, and what they leave open: vocabulary, parameters, queries, schemas.

Imports `core` alone; knows no data, no server and no framework.
"""
