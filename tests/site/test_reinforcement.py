"""The trigger to steer: rewards equal to those of the helpers."""

import numpy as np

from helpers.trigger import expected_reward
from tests.site.conftest import go_to, sentence
from tools.site import figure_data


def test_the_reward_is_that_of_the_helpers(open_page):
    page = open_page("chapters/reinforcement")
    figure = go_to(page, "trigger")
    data = figure_data.trigger("chapters/reinforcement")
    rates, rule = np.array(data["log_rates"]), np.array(data["others"]["rule"])
    script = "([world, x, rates]) => x.map((at, t) => book.rewardOf(world, at, rates[t]))"
    found = page.evaluate(script, [data["world"], rule.tolist(), rates.tolist()])
    np.testing.assert_allclose(found, expected_reward(rule, rates), atol=1e-5)
    step = figure.get_by_role("button", name="Next second")
    step.evaluate("one => { for (let t = 0; t < 100; t++) one.click(); }")
    assert "Second 100 of 100" in sentence(figure)
    assert f"rule {np.mean(found):.3f}" in figure.locator(".products").inner_text()
