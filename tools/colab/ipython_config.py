config = get_config()  # noqa: F821

# Colab imports its own package before the first cell, and so tells libraries where they run.
config.InteractiveShellApp.exec_lines = ["import google.colab"]
