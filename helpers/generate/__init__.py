"""Seeded generators of the book's data, and the constants of physics that they rest on.

Each ``generate_…`` function returns a data set that depends on its arguments
alone; each ``stream_…`` function yields fresh batches of the same kind without
end. ``python -m helpers.generate`` writes the files of the folder ``data``.
"""

from helpers.generate.circles import CIRCLE_RADII, CIRCLE_SCATTER, generate_circles
from helpers.generate.digits import generate_digits
from helpers.generate.names import (
    ALPHABET,
    ELEMENTS,
    LONGEST,
    PREFIXES,
    SI_NAMES,
    UNITS,
    encode_names,
    split_names,
)
from helpers.generate.planes import HIT_ERROR, detector_planes
from helpers.generate.pulses import (
    PULSE_WIDTH,
    SHAPER_KERNEL,
    SIGNAL_RANGE,
    WAVELENGTH,
    WAVELENGTH_SPREAD,
    generate_pulses,
    shaper,
    stream_pulses,
)
from helpers.generate.showers import N_CELLS, N_SPOTS, generate_showers, shower_library
from helpers.generate.spectra import (
    FLUX_MEANS,
    FLUX_SPREAD,
    PEAK_CENTRES,
    PEAK_PROBABILITY,
    PEAK_WIDTHS,
    SPECTRUM_BACKGROUND,
    forged_spectra,
    generate_spectra,
    monitor_spectra,
    spectrum_shapes,
    stream_spectra,
)
from helpers.generate.tables import write_data

__all__ = [
    "ALPHABET",
    "CIRCLE_RADII",
    "CIRCLE_SCATTER",
    "ELEMENTS",
    "FLUX_MEANS",
    "FLUX_SPREAD",
    "HIT_ERROR",
    "LONGEST",
    "N_CELLS",
    "N_SPOTS",
    "PEAK_CENTRES",
    "PEAK_PROBABILITY",
    "PEAK_WIDTHS",
    "PREFIXES",
    "PULSE_WIDTH",
    "SHAPER_KERNEL",
    "SIGNAL_RANGE",
    "SI_NAMES",
    "SPECTRUM_BACKGROUND",
    "UNITS",
    "WAVELENGTH",
    "WAVELENGTH_SPREAD",
    "detector_planes",
    "encode_names",
    "forged_spectra",
    "generate_circles",
    "generate_digits",
    "generate_pulses",
    "generate_showers",
    "generate_spectra",
    "monitor_spectra",
    "shaper",
    "shower_library",
    "spectrum_shapes",
    "split_names",
    "stream_pulses",
    "stream_spectra",
    "write_data",
]
