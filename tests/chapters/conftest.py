"""What the chapters' tests share: definitions, seeds, bands, and what a failure tells."""

import csv

import pytest

from tools.book import ROOT
from tools.cells import run_cells

# What twenty seeds that nobody picked gave: `python -m tests.chapters.bands CHAPTER --write`.
BANDS = ROOT / "tests" / "chapters" / "bands.csv"
# A further value that is normally distributed leaves mean ± 5 standard deviations of twenty
# with a probability of 1e-4, so all of them together raise a false alarm once in a hundred
# machines; on the same machine a training repeats itself.
WIDTH = 5


def pytest_configure(config):
    config.addinivalue_line("markers", "claim(words): what the chapter says, or a glued number")


def pytest_generate_tests(metafunc):
    """Run a test that asks for a seed with one, or with as many as a band needs."""
    if "seed" in metafunc.fixturenames:
        bands = metafunc.config.pluginmanager.get_plugin("bands")
        metafunc.parametrize("seed", range(bands.n_seeds if bands else 1), scope="module")


@pytest.fixture(scope="module")
def page(request):
    return request.path.stem.removeprefix("test_")


@pytest.fixture(scope="module")
def chapter(page, tmp_path_factory):
    """Return what the chapter's cells with the tag ``define`` define."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp(page))
        yield run_cells(page, "define")


@pytest.fixture(scope="module")
def band(request, page):
    """Return a function that holds a measured value against the band of twenty seeds."""
    if bands := request.config.pluginmanager.get_plugin("bands"):
        return bands.note
    with BANDS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["chapter"] == page]
    known = {row["quantity"]: (float(row["mean"]), float(row["deviation"])) for row in rows}

    def hold(quantity, value):
        assert quantity in known, f"run: python -m tests.chapters.bands {page} --write"
        mean, deviation = known[quantity]
        assert abs(value - mean) <= WIDTH * deviation, (
            f"{quantity}: {value:.5g}, but twenty seeds gave {mean:.5g} ± {deviation:.2g}"
        )
        return value

    return hold


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Show beside a failure where the chapter defines what was tested, and what it claims."""
    report = yield
    chapter = getattr(item, "funcargs", {}).get("chapter")
    if report.failed and chapter is not None:
        words = [word for mark in item.iter_markers("claim") for word in mark.args]
        said = [chapter.sentence(word) for word in words]
        report.sections.append(("The chapter", "\n".join([*said, *chapter.where()])))
    if call.when == "teardown" and chapter is not None:
        chapter.asked.clear()
    return report
