"""What long trainings leave is known to the registry of its folder."""

from hashlib import sha256

import pytest

from tools.bench.kept import machine, write_hashes


def test_only_the_hashes_of_the_files_that_were_written_change(tmp_path):
    (tmp_path / "registry.txt").write_text("a.json 1\nb.json 2\nd.json 4\n")
    files = [tmp_path / "c.json", tmp_path / "b.json"]
    for file in files:
        file.write_text(file.name)
    write_hashes(*files)
    b, c = (sha256(name.encode()).hexdigest() for name in ("b.json", "c.json"))
    expected = f"a.json 1\nb.json {b}\nc.json {c}\nd.json 4\n"
    assert (tmp_path / "registry.txt").read_text() == expected


def test_one_stamp_holds_for_early_and_late_results():
    made = machine("make bench")
    assert machine("make bench", made) == made
    earlier = machine("make bench", made | {"date": "1 May 2020 to 2 May 2020"})
    assert earlier["date"] == f"1 May 2020 to {made['date']}"
    with pytest.raises(ValueError, match="begin anew"):
        machine("make bench", made | {"keras": "2.0"})
