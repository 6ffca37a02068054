"""The commands, their options, and what a terminal shows."""
