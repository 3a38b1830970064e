"""The book's data files, as the generators make them."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from helpers.files import explained, file_hash, local_path, put_in_place, written_whole
from helpers.generate.circles import generate_circles
from helpers.generate.spectra import generate_spectra


def write_data(folder: str | os.PathLike[str]) -> list[str]:
    """Write the book's data files and their registry into a folder.

    A file whose frame is already what the generator gives is left as it is, so
    that its hash does not change: HDF5 stores the time of writing. New files
    replace old ones only when all of them are complete.

    Parameters
    ----------
    folder : path-like
        An existing folder. It gets ``circles_data.hf5``, ``circles_targets.hf5``,
        ``spectra_data.hf5`` and ``spectra_targets.hf5`` (pandas format *fixed*;
        key ``/data``, but ``/targets`` in the last) and ``registry.txt`` with a
        line "name SHA-256" for each.

    Returns
    -------
    list of str
        Names of the files that were written anew.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist.
    OSError
        If the files cannot be written; those that are there stay as they were.

    Examples
    --------
    >>> import tempfile
    >>> from helpers.generate import write_data
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(len(write_data(folder)), write_data(folder))
    4 []
    """
    folder = local_path("folder", folder)
    if not folder.is_dir():
        raise FileNotFoundError(
            f"There is no folder {str(folder)!r} to write the data files into: create it, "
            "or name another one."
        )
    tables = _data_tables()
    stale = [name for name, table in tables.items() if not _holds(folder / name, *table)]
    with (
        explained(f"The data files in {str(folder)!r} stay as they were, and new ones"),
        tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as unfinished,
    ):
        for name in tqdm(stale, desc="Writing data", unit="file", disable=not stale):
            _write_table(Path(unfinished, name), *tables[name])
        for name in stale:
            put_in_place(Path(unfinished, name), folder / name)
        _write_registry(folder / "registry.txt", tables)
    return stale


def _write_table(path: Path, key: str, frame: pd.DataFrame) -> None:
    # On a full disk the HDF5 library crashes, so that the room is taken before it writes.
    path.write_bytes(bytes(2 * frame.memory_usage(index=True).sum() + 1_000_000))
    frame.to_hdf(path, key=key, mode="w", format="fixed")


def _write_registry(registry: Path, tables: Iterable[str]) -> None:
    """Write the hashes of the tables, and keep what the registry says of other files."""
    lines = registry.read_text().splitlines() if registry.exists() else []
    lines = [line for line in lines if line.split()[0] not in tables]
    lines += [f"{name} {file_hash(registry.with_name(name))}" for name in tables]
    with written_whole(registry) as partial:
        partial.write_text("".join(f"{line}\n" for line in sorted(lines)))


def _data_tables() -> dict[str, tuple[str, pd.DataFrame]]:
    circles, classes = generate_circles()
    spectra, fluxes = generate_spectra()
    return {
        "circles_data.hf5": ("data", circles),
        "circles_targets.hf5": ("data", classes),
        "spectra_data.hf5": ("data", spectra),
        "spectra_targets.hf5": ("targets", fluxes),
    }


def _holds(path: Path, key: str, frame: pd.DataFrame) -> bool:
    """Return whether the file at `path` is readable and has just this frame under `key`."""
    try:
        with pd.HDFStore(path, mode="r") as store:
            return store.keys() == [f"/{key}"] and frame.equals(store[key])
    except Exception:  # Whatever ails the file, writing it anew is the cure.
        return False
