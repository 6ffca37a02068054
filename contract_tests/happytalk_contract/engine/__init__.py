"""The course of a run: what to ask next, what to ask again, and when to stop."""
