pytest_plugins = ["tests.offline.plugin"]
