"""Two small languages of physics: names of units, which have a grammar, and of elements."""

import string

import numpy as np

from helpers.arguments import unmasked
from helpers.generate.seeds import checked_seed

PREFIXES = str.split(
    "quetta ronna yotta zetta exa peta tera giga mega kilo hecto deca "
    "deci centi milli micro nano pico femto atto zepto yocto ronto quecto"
)
"""The prefixes of the international system of units."""

UNITS = str.split(
    "metre gram second ampere kelvin mole candela radian steradian hertz newton pascal joule watt "
    "coulomb volt farad siemens weber tesla henry lumen lux becquerel gray sievert katal"
)
"""The units that a prefix goes before."""

SI_NAMES = [prefix + unit for prefix in PREFIXES for unit in UNITS]
"""Every prefix before every unit."""

ELEMENTS = str.split(
    "hydrogen helium lithium beryllium boron carbon nitrogen oxygen fluorine neon sodium magnesium "
    "aluminium silicon phosphorus sulfur chlorine argon potassium calcium scandium titanium "
    "vanadium chromium manganese iron cobalt nickel copper zinc gallium germanium arsenic selenium "
    "bromine krypton rubidium strontium yttrium zirconium niobium molybdenum technetium ruthenium "
    "rhodium palladium silver cadmium indium tin antimony tellurium iodine xenon caesium barium "
    "lanthanum cerium praseodymium neodymium promethium samarium europium gadolinium terbium "
    "dysprosium holmium erbium thulium ytterbium lutetium hafnium tantalum tungsten rhenium osmium "
    "iridium platinum gold mercury thallium lead bismuth polonium astatine radon francium radium "
    "actinium thorium protactinium uranium neptunium plutonium americium curium berkelium "
    "californium einsteinium fermium mendelevium nobelium lawrencium rutherfordium dubnium "
    "seaborgium bohrium hassium meitnerium darmstadtium roentgenium copernicium nihonium flerovium "
    "moscovium livermorium tennessine oganesson"
)
"""The chemical elements."""

ALPHABET = "\n" + string.ascii_lowercase
"""The letters of names by their codes; 0, a new line, begins and ends a name."""

LONGEST = max(map(len, SI_NAMES + ELEMENTS))
"""How many letters the longest name has."""


def split_names(seed: int) -> tuple[list[str], list[str]]:
    """Keep every fifth name of a unit out of the training, in a random order.

    Parameters
    ----------
    seed : int
        Where the random numbers start.

    Returns
    -------
    seen : list of str
        519 names of units, then the elements.
    unseen : list of str
        The other 129 names of units.

    Raises
    ------
    TypeError, ValueError
        If the seed is no whole number from 0 to 2**32 - 1.

    Examples
    --------
    >>> from helpers.generate import split_names
    >>> seen, unseen = split_names(seed=1)
    >>> len(seen), len(unseen)
    (637, 129)
    """
    shuffled = np.random.default_rng(checked_seed(seed)).permutation(SI_NAMES).tolist()
    n_unseen = len(shuffled) // 5
    return shuffled[n_unseen:] + ELEMENTS, shuffled[:n_unseen]


def encode_names(names: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Turn names into what a language model reads and what it has to predict.

    Parameters
    ----------
    names : list of str
        Names of at most `LONGEST` letters from a to z, at least one name.

    Returns
    -------
    previous : ndarray of int64, shape (n_names, LONGEST + 1)
        The letter before each place, as a code, see `ALPHABET`.
    codes : ndarray of int64, of the same shape
        The letter at each place; after the last letter 0, the end of the name.
    is_part : ndarray of float32, of the same shape
        1 up to the end of the name, which counts, and 0 after it.

    Raises
    ------
    TypeError, ValueError
        If there are no names, or a name is too long or has other letters.

    Examples
    --------
    >>> from helpers.generate import encode_names
    >>> previous, codes, is_part = encode_names(["neon", "iron"])
    >>> previous[0, :6].tolist(), codes[0, :6].tolist(), is_part[0, :6].tolist()
    ([0, 14, 5, 15, 14, 0], [14, 5, 15, 14, 0, 0], [1.0, 1.0, 1.0, 1.0, 1.0, 0.0])
    """
    texts = _checked_names(names)
    padded = [text.ljust(LONGEST + 1, "\n") for text in texts]
    codes = np.array([[ALPHABET.index(letter) for letter in text] for text in padded])
    previous = np.pad(codes, ((0, 0), (1, 0)))[:, :-1]
    ends = np.array([[len(text)] for text in texts])
    return previous, codes, (np.arange(LONGEST + 1) <= ends).astype("float32")


def _checked_names(names):
    if isinstance(names, str | bytes):
        raise TypeError(f"names is the text {names!r}, but it must be a list: write [{names!r}].")
    texts = unmasked("names", names).ravel().tolist()
    letters = set(string.ascii_lowercase)
    for text in texts:
        if not isinstance(text, str) or not set(text) <= letters or len(text) > LONGEST:
            raise ValueError(
                f"names holds {text!r:.80}, but each must have at most {LONGEST} letters "
                "from a to z: leave it out."
            )
    if not texts:
        raise ValueError("There are no names: give one at least.")
    return texts
