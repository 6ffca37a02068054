"""The command, its options, and the generated page of rules."""
