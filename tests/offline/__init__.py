"""The network, switched off for the tests."""
