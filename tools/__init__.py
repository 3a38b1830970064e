"""What builds and checks the book; no chapter imports it."""
