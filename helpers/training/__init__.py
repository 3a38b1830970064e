"""What `helpers.estimator` is made of, each part with one thing to know."""
