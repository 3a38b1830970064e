"""What the tests of the estimator look at and do not change."""

import pytest

from tests.helpers.estimator.examples import classifier, endless


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A classifier after 300 steps."""
    folder = tmp_path_factory.mktemp("trained")
    return classifier(folder, save_every_steps=100).train(endless, steps=300)
