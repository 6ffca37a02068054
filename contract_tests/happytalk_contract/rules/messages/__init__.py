"""Rules of GET system messages."""
