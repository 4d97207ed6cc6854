"""Mutation test of the data: damage a table, and see whether a check stops it or the page shows it."""
