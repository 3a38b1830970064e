"""The book's matplotlib style, its colours, and where a legend stands."""

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from cycler import cycler
from IPython import get_ipython
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib_inline.backend_inline import set_matplotlib_formats
from numpy.typing import ArrayLike

from helpers.arguments import moderate, real_array

BLUE, VERMILLION, GREEN, BLACK = "#0072B2", "#D55E00", "#009E73", "#000000"
PURPLE, OCHRE, NAVY, GREY = "#B63BA4", "#7B5505", "#00405E", "#767676"
# These two are for areas: as lines they would be too pale on white.
ORANGE, SKY_BLUE = "#E69F00", "#56B4E9"

# What a colour stands for through the whole book.
TRACES = (BLUE, VERMILLION, GREEN)
NETWORK, RIVAL, TRUTH = PURPLE, OCHRE, BLACK

# The two sizes of all lettering, in points.
LARGE, SMALL = 14, 12

_LINE_STYLES = ["-", "--", "-.", ":", (0, (6, 2, 1, 2, 1, 2)), (0, (8, 3)), (0, (1, 1))]
_STYLE = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.labelsize": LARGE,
    "axes.prop_cycle": cycler(color=[*TRACES, PURPLE, OCHRE, NAVY, BLACK])
    + cycler(linestyle=_LINE_STYLES),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": LARGE,
    "figure.constrained_layout.use": True,
    "figure.dpi": 144,
    "figure.facecolor": "white",
    "figure.labelsize": LARGE,
    "figure.figsize": (7.2, 4.0),
    "font.size": LARGE,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.8,
    "image.cmap": "viridis",
    "image.interpolation": "nearest",
    "legend.fontsize": LARGE,
    "legend.frameon": False,
    "legend.title_fontsize": LARGE,
    "lines.linewidth": 1.8,
    "savefig.facecolor": "white",
    "savefig.pad_inches": 0.05,
    "svg.hashsalt": "deep-learning",
}


def use_style() -> None:
    """Set the book's matplotlib style; in a notebook, make figures SVG as well.

    The first colours are those of Okabe and Ito [1]_, and the others darker kinds
    of theirs. All stand out from white by 3:1, people with any of the common kinds
    of colour blindness can tell them apart, and each goes with a line style of its
    own. Lettering is `LARGE`, or `SMALL` where there is little room. Call it once,
    after the imports.

    References
    ----------
    .. [1] M. Okabe and K. Ito, Color Universal Design, 2002,
       https://jfly.uni-koeln.de/color/

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from helpers import plot
    >>> plot.use_style()
    >>> plt.rcParams["figure.facecolor"]
    'white'
    """
    plt.rcParams.update(_STYLE)
    if get_ipython() is not None:
        set_matplotlib_formats("svg", metadata={"Date": None})


def legend_above(axes: Axes, **options) -> Legend:
    """Draw the legend of a panel above it, without a frame.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        The panel.
    **options
        Further options of `matplotlib.axes.Axes.legend`, such as ``ncols=3``.

    Returns
    -------
    matplotlib.legend.Legend
        The legend.

    Raises
    ------
    TypeError
        If `axes` is none.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from helpers.plot import legend_above
    >>> figure, axes = plt.subplots()
    >>> _ = axes.plot([1, 2], label="loss")
    >>> legend_above(axes, ncols=2).get_frame_on()
    False
    >>> plt.close(figure)
    """
    placed = {"loc": "lower center", "bbox_to_anchor": (0.5, 1), "frameon": False}
    return _checked_axes(axes).legend(**placed | options)


def draw_seeds(axes: Axes, x: ArrayLike, runs: ArrayLike, **look) -> None:
    """Draw what several seeds gave: the mean as a line, from the least to the largest a band.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    x : array_like, shape (n_points,)
        What the runs are drawn against.
    runs : array_like, shape (n_seeds, n_points)
        A row a seed.
    **look
        What the line looks like and is called: ``label``, ``color``, ``linestyle``, ``marker``.

    Raises
    ------
    TypeError
        If `axes` is none, or `x` or `runs` does not hold real numbers.
    ValueError
        If `runs` has not one column a point, `x` has a point twice, or one of them holds NaN,
        infinite or masked values.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from helpers.plot import draw_seeds
    >>> axes = Figure().subplots()
    >>> draw_seeds(axes, [10, 20], [[0.1, 0.5], [0.3, 0.7]], label="two seeds")
    >>> axes.get_lines()[0].get_ydata().round(6)
    array([0.2, 0.6])
    """
    x, runs = (moderate(name, real_array(name, each)) for name, each in [("x", x), ("runs", runs)])
    if runs.ndim != 2 or runs.shape[1:] != x.shape or not runs.size:
        raise ValueError(
            f"The runs have the shape {runs.shape}, but each of them must be a row of "
            f"{x.size} values, one for each x."
        )
    if len(set(x)) < x.size:
        raise ValueError("x holds a point twice, whose runs would be mixed: give each point once.")
    (next_line,) = _checked_axes(axes).plot([], [])
    look = {"color": next_line.get_color(), "linestyle": next_line.get_linestyle()} | look
    next_line.remove()
    all_x = np.tile(x, len(runs))
    sns.lineplot(x=all_x, y=runs.ravel(), errorbar=("pi", 100), ax=axes, legend=False, **look)


def _checked_axes(axes: Axes) -> Axes:
    if isinstance(axes, Axes):
        return axes
    raise TypeError(
        f"axes is of type {type(axes).__name__}, but it must be one panel of a figure: take one, "
        "such as the second that plt.subplots() returns, or axes[0] of several."
    )
