"""A language model without a network: count which letter follows which."""

from collections import Counter, defaultdict

import numpy as np

from helpers.arguments import whole_number
from helpers.generate import ALPHABET, encode_names


def ngram_bits(seen: list[str], names: list[str], n: int) -> float:
    """Return how many bits a model that counts the letters after `n` others needs for a name.

    Long contexts are mixed with shorter ones by the rule of Witten and Bell [1]_: the more
    different letters have followed a context, the more the shorter one counts.

    Parameters
    ----------
    seen : list of str
        The names that are counted, of letters from a to z.
    names : list of str
        Those that the model has to predict.
    n : int
        How many letters it looks back, from 0 to 20.

    Returns
    -------
    float
        Minus the mean logarithm, to base two, of the probability of a name and its end.

    Raises
    ------
    TypeError, ValueError
        If a list does not hold names, see `helpers.generate.encode_names`, or `n` is out of range.

    References
    ----------
    .. [1] I. H. Witten and T. C. Bell, "The zero-frequency problem", IEEE Trans. Inf. Theory 37,
       1085 (1991), doi:10.1109/18.87000.

    Examples
    --------
    >>> from helpers.ngrams import ngram_bits
    >>> round(ngram_bits(["volt", "watt"], ["volt"], n=2), 2)
    2.89
    """
    n = whole_number("n", n, least=0, most=20)
    for each in (seen, names):
        encode_names(each)  # Turns away what is no list of names.
    counts = _letters_after(list(seen), n)
    texts = ["\n" * n + name + "\n" for name in names]
    chances = [
        _chance(counts, text[place - n : place], text[place])
        for text in texts
        for place in range(n, len(text))
    ]
    return float(-np.sum(np.log2(chances)) / len(texts))


def _letters_after(names, n):
    """Count the letters that follow each text of at most `n` letters."""
    counts = defaultdict(Counter)
    for text in ("\n" * n + name + "\n" for name in names):
        for place in range(n, len(text)):
            for start in range(place - n, place + 1):
                counts[text[start:place]][text[place]] += 1
    return counts


def _chance(counts, before, letter):
    shorter = _chance(counts, before[1:], letter) if before else 1 / len(ALPHABET)
    seen = counts.get(before, Counter())
    total = seen.total() + len(seen)
    return (seen[letter] + len(seen) * shorter) / total if total else shorter
