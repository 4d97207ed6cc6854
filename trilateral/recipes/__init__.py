"""Recipes: pure functions from upstream bytes to tidy tables, one module a source; and their runner."""
