"""What Korean shops and their customers say: text and names only, no logic."""
