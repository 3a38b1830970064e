"""Counting letters: probabilities sum to one, and longer contexts help with what was seen."""

import string

import numpy as np
import pytest

from helpers.generate import split_names
from helpers.ngrams import ngram_bits


def test_probabilities_of_all_names_of_one_letter_sum_to_what_is_not_longer():
    seen = ["a", "b", "ab"]
    chances = [2.0 ** -ngram_bits(seen, [letter], 2) for letter in string.ascii_lowercase]
    assert 0 < sum(chances) < 1
    assert chances[0] == pytest.approx(chances[1], rel=0.5)


def test_longer_contexts_know_what_was_seen_better():
    seen, unseen = split_names(1)
    bits = [ngram_bits(seen, seen[:50], n) for n in (0, 2, 4)]
    assert bits == sorted(bits, reverse=True)
    assert ngram_bits(seen, unseen, 4) == pytest.approx(12.9, abs=0.3)
    assert np.log2(len(seen)) < ngram_bits(seen, unseen, 4)
