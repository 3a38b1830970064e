"""Find and download data files, each checked against its SHA-256.

The book's own files lie in ``data/``, with their hashes in ``data/registry.txt``;
whatever is downloaded lies in a cache of its own, so that neither overwrites the
other. Where both hold a name, `locate_data` gives the book's own file: the lecture's
files have the same keys, columns, shapes and dtypes, so code for one reads the other.
"""

import logging
import os
import re
import shlex
import tempfile
import warnings
from pathlib import Path, PureWindowsPath
from urllib.parse import quote, unquote, urlsplit

with warnings.catch_warnings():
    # In a notebook without widgets, tqdm warns that its bars will be plain text.
    warnings.filterwarnings("ignore", message="IProgress not found")
    import pooch

HELPERS = Path(__file__).resolve().parent
BOOK_FOLDERS = (HELPERS.parent / "data", HELPERS / "_data")
BOOK_CONFIGS = (HELPERS.parent / "_config.yml", HELPERS / "_data" / "_config.yml")
PLACEHOLDER = "your--name"
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
        known by their addresses. Without a hash, any file of that name is taken
        to be the one, and a message gives the hash to pass next time.
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
        If the address is not http(s) or does not end in a plain file name, if the
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
    folder = _cache_folder() if directory is None else Path(directory).expanduser().absolute()
    target = _path_in(folder, name)
    _ensure(target, url, known_hash, looked_in=[folder])
    if known_hash is None:
        advice = "%s is not verified; pass known_hash=%r to have it verified next time."
        logger.warning(advice, target, pooch.file_hash(target))
    return target


def locate_data(name: str, check_exists: bool = True) -> Path:
    """Find a data file, or fetch it if it is one of the book's.

    Looks in the book's folder ``data``, in the data packaged with the installed
    helpers and in the cache of downloads (see `wget_data`); a file of the book
    that is in none of them is fetched from the book's repository.

    Parameters
    ----------
    name : str
        Name of the file, such as ``"circles_data.hf5"``.
    check_exists : bool, default=True
        If false, return where the file is or would be downloaded to, without
        verifying or fetching it.

    Returns
    -------
    pathlib.Path
        Absolute path of the file.

    Raises
    ------
    TypeError
        If the name is not a string.
    ValueError
        If the name leads out of the data folders, or if a file of the book or its
        download is not the one that ``data/registry.txt`` lists.
    FileNotFoundError
        If the file cannot be had; the message says where it was looked for, and
        gives the command that gets it.
    OSError
        If a fetched file cannot be saved.

    Examples
    --------
    >>> from helpers.data import locate_data
    >>> locate_data("circles_data.hf5").name
    'circles_data.hf5'
    """
    registry = _registry()
    for path in [_path_in(folder, name) for folder in BOOK_FOLDERS]:
        if os.path.isfile(path):
            if check_exists and not _is_good(path, {registry.get(name)}):
                raise ValueError(
                    f"{path} was altered or cut short (registry.txt lists another SHA-256): "
                    f"restore it with `git -C {path.parent} checkout -- {path.name}`."
                )
            return path
    download = _path_in(_cache_folder(), name)
    known_hashes = {hashes[name] for hashes in (registry, LECTURE_HASHES) if name in hashes}
    if not check_exists or _is_good(download, known_hashes or {None}):
        return download
    looked_in = [*BOOK_FOLDERS, download.parent]
    if name not in registry:
        reason = f"it is none of the book's files ({', '.join(registry)})"
        raise _missing(name, looked_in, reason, f"wget_data('https://…/{name}')")
    url = _book_url(name)
    if PLACEHOLDER in url:
        reason = f"repository.url in _config.yml, where to fetch it from, is a placeholder ({url})"
        raise _missing(name, looked_in, reason, "python -m helpers.generate")
    _ensure(download, url, registry[name], looked_in)
    return download


def _name_in_url(url: str) -> str:
    if not isinstance(url, str):
        raise TypeError(f"The address to download is a string, and not {type(url).__name__}.")
    address = urlsplit(url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise ValueError(f"{url!r} cannot be downloaded: give an http:// or https:// address.")
    name = unquote(address.path.rpartition("/")[2])
    if not name or "/" in name:
        raise ValueError(f"{url!r} ends in no file name: give the address of one file.")
    return name


def _checked_hash(known_hash: str | None) -> str | None:
    if known_hash is None:
        return None
    if not isinstance(known_hash, str):
        raise TypeError(f"known_hash is a string, and not {type(known_hash).__name__}.")
    if not re.fullmatch("[0-9a-fA-F]{64}", known_hash):
        raise ValueError(f"known_hash={known_hash!r} is no SHA-256: give 64 hexadecimal digits.")
    return known_hash.lower()


def _path_in(folder: Path, name: str) -> Path:
    """Join folder and name; refuse a name that leads out of the folder on any system."""
    if not isinstance(name, str):
        raise TypeError(f"The name of a data file is a string, and not {type(name).__name__}.")
    parts = PureWindowsPath(name)
    is_plain = name.isprintable() and "\\" not in name and parts.parts and not parts.anchor
    path = folder / name if is_plain and ".." not in parts.parts else None
    if path is None or not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(
            f"{name!r} names no file within {folder}: give a name such as 'circles_data.hf5', "
            "without '..', a backslash, a leading slash or a link to elsewhere."
        )
    return path


def _cache_folder() -> Path:
    default = pooch.os_cache("deep-learning-book")
    return pooch.create(path=default, base_url="", env="DEEP_LEARNING_DATA").abspath


def _registry() -> dict[str, str]:
    files = pooch.create(path="", base_url="")
    files.load_registry(_first_file([folder / "registry.txt" for folder in BOOK_FOLDERS]))
    return files.registry


def _book_url(name: str) -> str:
    """Return where the repository serves a file; GitHub and GitLab share this address."""
    config = _first_file(BOOK_CONFIGS).read_text(encoding="utf-8")
    # Read without a YAML parser: the helpers do not depend on one.
    section = re.search(r"^repository:.*(?:\n[ \t#].*|\n(?=\n))*", config, re.MULTILINE)
    lines = section[0] if section else ""
    pairs = re.findall(r"^[ \t]+(url|branch):\s*[\"']?([^\s\"'#]+)", lines, re.MULTILINE)
    repository = {"url": PLACEHOLDER, "branch": "main", **dict(pairs)}
    address = repository["url"].rstrip("/").removesuffix(".git")
    return f"{address}/raw/{quote(repository['branch'])}/data/{quote(name)}"


def _first_file(candidates) -> Path:
    return next((path for path in candidates if path.is_file()), candidates[0])


def _is_good(path: Path, known_hashes: set[str | None]) -> bool:
    """Tell whether the file is there and has a known hash; ``None`` allows every file."""
    return os.path.isfile(path) and (None in known_hashes or pooch.file_hash(path) in known_hashes)


def _ensure(target: Path, url: str, known_hash: str | None, looked_in: list[Path]) -> None:
    if _is_good(target, {known_hash}):
        return
    if target.exists():
        logger.warning("%s has not the SHA-256 expected: downloading it anew.", target)
    import requests  # Slow to import, and only a download needs it.

    try:
        _download(target, url, known_hash)
    except requests.RequestException as error:
        curl = ["curl", "--fail", "--location", "--create-dirs", "--output", str(target), url]
        reason = f"{url} {_failure(error)}"
        raise _missing(target.name, looked_in, reason, shlex.join(curl)) from error
    except ValueError as error:
        raise ValueError(f"What {url} gave was thrown away unused: {error}") from error
    except OSError as error:
        advice = "free space, or choose another folder (directory=…, or DEEP_LEARNING_DATA)"
        reason = f"{target} cannot be saved ({error.strerror or error}): {advice}."
        raise OSError(error.errno, reason) from error


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
        os.replace(part, target)


def _failure(error) -> str:
    if error.response is not None:
        return f"answered {error.response.status_code} {error.response.reason}"
    kind = type(error).__name__
    words = {
        "ChunkedEncodingError": "broke off before the end of the file",
        "InvalidSchema": "leads to an address that is not http(s)",
    }
    return words.get(kind, f"could not be reached ({kind})")


def _missing(name: str, looked_in: list[Path], reason: str, command: str) -> FileNotFoundError:
    folders = ", ".join(map(str, looked_in))
    return FileNotFoundError(
        f"No good copy of {name} is in {folders}, and {reason}; get it with `{command}`."
    )
