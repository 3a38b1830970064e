"""Find and download data files, each checked against its SHA-256.

The book's own files lie in ``data/``, with their hashes in ``data/registry.txt``, and
travel with the installed helpers; whatever is downloaded lies in a cache of its own,
so that neither overwrites the other. Where both hold a name, `locate_data` gives the
book's own file: the lecture's files have the same keys, columns, shapes and dtypes, so
code for one reads the other.
"""

import logging
import os
import re
import shlex
import tempfile
import warnings
from pathlib import Path, PureWindowsPath
from urllib.parse import unquote, urlsplit

with warnings.catch_warnings():
    # In a notebook without widgets, tqdm warns that its bars will be plain text.
    warnings.filterwarnings("ignore", message="IProgress not found")
    import pooch

from helpers.arguments import text
from helpers.files import explanation, file_hash, local_path, put_in_place

HELPERS = Path(__file__).resolve().parent
BOOK_FOLDERS = (HELPERS.parent / "data", HELPERS / "_data")
RETRIES = 2
LECTURE = "https://raw.githubusercontent.com/illinois-ipaml/MachineLearningForPhysics/main/data/"
LECTURE_HASHES = {
    "circles_data.hf5": "522bd033602e713a6ff4a6414c9793dfbf6bebb4e408742263874ac5d0b97217",
    "circles_targets.hf5": "ae281b00c0b18b4bfa86d1be8172c3de8182a589c7931ac9077897d5425fec5f",
    "spectra_data.hf5": "7a1ffb06ea7866bcc169fea2fa28a77f15e94e60334da620bf7c60aaa7d0aff7",
    "spectra_targets.hf5": "13afe6641fc3a90459fb8773ba90d4cfabd953b631aa0f7ded412123bbab472e",
}

logger = logging.getLogger(__name__)


def wget_data(
    url: str, known_hash: str | None = None, directory: str | os.PathLike | None = None
) -> Path:
    """Download a file, verify it and keep it; do nothing if it is there already.

    A download takes its place only when it is complete and verified: if it fails,
    the file that was there stays as it was, and no half file is left.

    Parameters
    ----------
    url : str
        Address of the file, http or https; its last part is the file's name.
    known_hash : str, optional
        SHA-256 of the file, 64 hexadecimal digits. The lecture's four files are
        known by their addresses. Without a hash, a file of that name is taken to
        be the one unless it came from another address, and a message says what
        was kept and gives the hash to pass next time.
    directory : path-like, optional
        Where to keep the file. Default: the cache of downloads, where `locate_data`
        looks too, from every working directory (which the lecture's ``./tmp_data``
        did not allow); the environment variable ``DEEP_LEARNING_DATA`` moves it.

    Returns
    -------
    pathlib.Path
        Absolute path of the file.

    Raises
    ------
    TypeError
        If the address or the hash is not a string.
    ValueError
        If the address is not http(s) or does not end in a plain file name, if
        `directory` is an address, if the
        hash is no SHA-256, or if the download does not match it.
    FileNotFoundError
        If the server cannot be reached, answers with an error or breaks off, three
        times in a row; the message gives the command that gets the file.
    OSError
        If the file cannot be saved, for instance on a full disk.

    Examples
    --------
    A verified file is not asked for again, so that this works without a network:

    >>> from helpers.data import locate_data, wget_data
    >>> import pooch
    >>> path = locate_data("circles_data.hf5")
    >>> url = "https://example.org/circles_data.hf5"
    >>> wget_data(url, known_hash=pooch.file_hash(path), directory=path.parent) == path
    True
    """
    name = _name_in_url(url)
    known_hash = _checked_hash(known_hash) or LECTURE_HASHES.get(url.removeprefix(LECTURE))
    folder = _cache_folder() if directory is None else local_path("directory", directory).absolute()
    target = _path_in(folder, name)
    if not _is_kept(target, url, known_hash):
        _fetch(target, url, known_hash)
    if known_hash is None:
        advice = "%s, kept from %s, is not verified; pass known_hash=%r to have it verified."
        logger.warning(advice, target, _source(target) or "elsewhere", file_hash(target))
    return target


def locate_data(name: str, check_exists: bool = True) -> Path:
    """Find a data file, and verify it if it is one of the book's.

    Looks in the book's folder ``data``, in the data packaged with the installed
    helpers and in the cache of downloads (see `wget_data`).

    Parameters
    ----------
    name : str
        Name of the file, such as ``"circles_data.hf5"``.
    check_exists : bool, default=True
        If false, return where the file is or would be downloaded to, without
        verifying it.

    Returns
    -------
    pathlib.Path
        Absolute path of the file.

    Raises
    ------
    TypeError
        If the name is not a string.
    ValueError
        If the name leads out of the data folders, or if a file of the book is not
        the one that ``data/registry.txt`` lists; the message says how to restore it.
    FileNotFoundError
        If the file is nowhere; the message says where it was looked for, and gives
        the command that gets it.

    Examples
    --------
    >>> from helpers.data import locate_data
    >>> locate_data("circles_data.hf5").name
    'circles_data.hf5'
    """
    registry = _registry()
    for path in [_path_in(folder, name) for folder in BOOK_FOLDERS]:
        if os.path.isfile(path):  # Which also takes a name that is too long for a file.
            if check_exists and registry.get(name, "") not in ("", file_hash(path)):
                raise ValueError(
                    f"{path} was altered or cut short (registry.txt lists another SHA-256): "
                    f"{_restore(name)}."
                )
            return path
    download = _path_in(_cache_folder(), name)
    known_hashes = {hashes[name] for hashes in (registry, LECTURE_HASHES) if name in hashes}
    if not check_exists or (
        os.path.isfile(download) and (not known_hashes or file_hash(download) in known_hashes)
    ):
        return download
    looked_in = [*BOOK_FOLDERS, download.parent]
    if name in registry:
        raise _missing(name, looked_in, "it is one of the book's files", _restore(name))
    reason = f"it is none of the book's files ({', '.join(registry)})"
    raise _missing(name, looked_in, reason, f"get it with `wget_data('https://…/{name}')`")


def _restore(name: str) -> str:
    """Say how a file of the book comes back."""
    folder = _registry_file().parent
    if folder == BOOK_FOLDERS[0]:
        command = shlex.join(["git", "-C", str(folder), "checkout", "--", name])
        return f"restore it with `{command}`"
    return "install the book's helpers anew, with the option --force-reinstall of pip"


def _name_in_url(url: str) -> str:
    try:
        address = urlsplit(text("url", url))
        can_be_asked = address.scheme in ("http", "https") and address.hostname
    except ValueError:
        can_be_asked = False
    if not can_be_asked:
        raise ValueError(f"{url!r} cannot be downloaded: give an http:// or https:// address.")
    name = unquote(address.path.rpartition("/")[2])
    if not name or "/" in name:
        raise ValueError(f"{url!r} ends in no file name: give the address of one file.")
    return name


def _checked_hash(known_hash: str | None) -> str | None:
    if known_hash is None:
        return None
    if not re.fullmatch("[0-9a-fA-F]{64}", text("known_hash", known_hash)):
        raise ValueError(f"known_hash={known_hash!r} is no SHA-256: give 64 hexadecimal digits.")
    return known_hash.lower()


def _path_in(folder: Path, name: str) -> Path:
    """Join folder and name; refuse a name that leads out of the folder on any system."""
    parts = PureWindowsPath(text("name", name))
    is_plain = name.isprintable() and "\\" not in name and parts.parts and not parts.anchor
    path = folder / name if is_plain and ".." not in parts.parts else None
    if path is None or not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(
            f"{name!r} names no file within {folder}: give a name such as 'circles_data.hf5', "
            "without '..', a backslash, a leading slash or a link to elsewhere."
        )
    return path


def _cache_folder() -> Path:
    named = os.environ.get("DEEP_LEARNING_DATA") or pooch.os_cache("deep-learning-book")
    return Path(os.path.abspath(local_path("DEEP_LEARNING_DATA", named)))


def _registry_file() -> Path:
    files = [folder / "registry.txt" for folder in BOOK_FOLDERS]
    return next((file for file in files if file.is_file()), files[0])


def _registry() -> dict[str, str]:
    files = pooch.create(path="", base_url="")
    files.load_registry(_registry_file())
    return files.registry


def _is_kept(target: Path, url: str, known_hash: str | None) -> bool:
    """Tell whether the file is there, by its hash or else by the address it came from."""
    if not target.is_file():
        return False
    if known_hash is None:
        return _source(target) in (None, url)
    return file_hash(target) == known_hash


def _source_file(target: Path) -> Path:
    return target.with_name(f".{target.name}.url")


def _source(target: Path) -> str | None:
    """Return the address that a file was downloaded from, or None if nobody wrote it down."""
    file = _source_file(target)
    return file.read_text("utf-8", errors="replace") if file.is_file() else None


def _fetch(target: Path, url: str, known_hash: str | None) -> None:
    if target.exists():
        reason = "came from another address" if known_hash is None else "has another SHA-256"
        logger.warning("%s %s: downloading it anew.", target, reason)
    import requests  # Slow to import, and only a download needs it.

    try:
        _download(target, url, known_hash)
    except requests.RequestException as error:
        curl = ["curl", "--fail", "--location", "--create-dirs", "--output", str(target), url]
        reason = f"{url} {_failure(error)}"
        raise _missing(
            target.name, [target.parent], reason, f"get it with `{shlex.join(curl)}`"
        ) from error
    except ValueError as error:
        raise ValueError(f"What {url} gave was thrown away unused: {error}") from error
    except OSError as error:
        place = f"{target}, in the folder that directory=… or DEEP_LEARNING_DATA names,"
        raise explanation(error, place) from error


def _download(target: Path, url: str, known_hash: str | None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".download-", dir=target.parent) as scratch:
        fetcher = pooch.create(
            path=scratch,
            base_url="",
            registry={target.name: known_hash},
            urls={target.name: url},
            retry_if_failed=RETRIES,
        )
        part = fetcher.fetch(target.name, progressbar=True)
        os.chmod(part, 0o644)  # Temporary files are their owner's alone; a cache may be shared.
        put_in_place(Path(part), target)
        note = Path(scratch, "url")
        note.write_text(url, "utf-8")
        put_in_place(note, _source_file(target))


def _failure(error) -> str:
    if error.response is not None:
        return f"answered {error.response.status_code} {error.response.reason}"
    kind = type(error).__name__
    words = {
        "ChunkedEncodingError": "broke off before the end of the file",
        "InvalidSchema": "leads to an address that is not http(s)",
    }
    return words.get(kind, f"could not be reached ({kind})")


def _missing(name: str, looked_in: list[Path], reason: str, cure: str) -> FileNotFoundError:
    folders = ", ".join(map(str, looked_in))
    return FileNotFoundError(f"No good copy of {name} is in {folders}, and {reason}; {cure}.")
