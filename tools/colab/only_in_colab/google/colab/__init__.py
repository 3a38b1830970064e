"""Stands in for Colab's own package, which libraries look for to know where they run."""
