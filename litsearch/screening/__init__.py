"""Screening: deciding paper by paper what belongs into a review, in an order learned from the decisions."""
