config = get_config()  # noqa: F821

# Like in Colab, what C libraries write to the file descriptor of stderr goes to the
# terminal and not into the page: TensorFlow greets there whatever its log level is.
config.IPKernelApp.capture_fd_output = False

# Silences the notice that kernels on loopback are not encrypted.
config.IPKernelApp.log_level = "ERROR"
