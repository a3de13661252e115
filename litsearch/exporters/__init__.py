"""File formats out: papers to text, one format per module."""
