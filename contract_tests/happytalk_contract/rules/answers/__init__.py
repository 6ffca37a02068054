"""What was seen of the points that the documentation leaves open."""
