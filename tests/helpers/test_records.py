"""TFRecord shards come back as they were written, or say clearly what is wrong with them."""

import itertools

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import records
from helpers.records import read_records, write_records
from tests.helpers.record_sets import X, labels_of, run_script, shards_of, y
from tests.helpers.system import peak_memory

# Writing and reading back


@st.composite
def samples(draw):
    n_samples = draw(st.integers(1, 9))
    shape = draw(st.lists(st.integers(1, 3), max_size=2))
    dtype = draw(st.sampled_from(records.DTYPES))
    return draw(hnp.arrays(dtype, (n_samples, *shape)))


@settings(max_examples=25, deadline=None)
@given(
    array=samples(),
    data=st.data(),
    compression=st.sampled_from(records.COMPRESSIONS),
    batched=st.booleans(),
)
def test_every_value_comes_back_bit_for_bit(tmp_path_factory, array, data, compression, batched):
    path = tmp_path_factory.mktemp("records")
    shards = data.draw(st.integers(1, len(array)))
    write_records(path, array, shards=shards, compression=compression)
    dataset = read_records(path, batch_size=2 if batched else None)
    parts = [part.numpy() if batched else part.numpy()[np.newaxis] for part in dataset]
    read = np.concatenate(parts)
    assert read.dtype == array.dtype
    assert read.shape == array.shape
    assert read.tobytes() == array.tobytes()


def test_a_table_becomes_named_features_as_from_tensor_slices_makes_them(tmp_path):
    table = pd.DataFrame({"x0": [0.1, 0.2, 0.3], "x1": [1.0, 2.0, 3.0]})
    targets = pd.DataFrame({"y": [0, 1, 1]})
    write_records(tmp_path, table, targets)
    expected = tf.data.Dataset.from_tensor_slices((dict(table), targets))
    read = read_records(tmp_path)
    assert read.element_spec == expected.element_spec
    for left, right in zip(read, expected, strict=True):
        tf.nest.map_structure(np.testing.assert_array_equal, left, right)


def test_a_dict_of_arrays_keeps_its_names_even_those_that_records_use(tmp_path):
    features = {"label": np.arange(3.0), "X": np.ones((3, 2), dtype=np.int8)}
    write_records(tmp_path, features, y=np.array([7, 8, 9]))
    read, label = next(iter(read_records(tmp_path, batch_size=3)))
    assert sorted(read) == ["X", "label"]
    np.testing.assert_array_equal(read["label"], [0, 1, 2])
    np.testing.assert_array_equal(label, [7, 8, 9])


@pytest.mark.parametrize("shards", [1, 3, 7, 8])
def test_shards_hold_runs_of_consecutive_samples_of_even_length(tmp_path, shards):
    paths = write_records(tmp_path, X, y, shards=shards)
    lengths = [sum(1 for _ in tf.data.TFRecordDataset(str(path))) for path in paths]
    assert paths == shards_of(tmp_path)
    assert len(lengths) == shards
    assert sum(lengths) == len(X)
    assert max(lengths) - min(lengths) <= 1
    assert labels_of(read_records(tmp_path)) == list(y)


def test_a_shard_is_a_file_that_tensorflow_reads_without_the_helper(folder):
    serialized = next(iter(tf.data.TFRecordDataset(str(shards_of(folder)[0]))))
    example = tf.train.Example.FromString(serialized.numpy())
    assert set(example.features.feature) == {"feature/X", "label"}
    stored = example.features.feature["feature/X"].bytes_list.value[0]
    np.testing.assert_array_equal(np.frombuffer(stored, "<f4"), X[0])


def test_equal_samples_give_equal_files(tmp_path):
    first, second = (write_records(tmp_path / name, X, y, shards=2) for name in "ab")
    contents = [{path.name: path.read_bytes() for path in paths} for paths in (first, second)]
    assert contents[0] == contents[1]


def test_compression_makes_files_of_repeated_values_smaller(tmp_path):
    zeros = np.zeros((10, 1000))
    (plain,) = write_records(tmp_path / "plain", zeros)
    (packed,) = write_records(tmp_path / "packed", zeros, compression="GZIP")
    assert packed.stat().st_size < plain.stat().st_size / 10


# Streaming


def test_the_dataset_knows_its_number_of_samples_and_of_batches(folder):
    assert len(read_records(folder)) == 8
    assert len(read_records(folder, batch_size=3)) == 3


def test_shuffling_gives_each_sample_once_in_another_order_each_time(folder):
    dataset = read_records(folder, shuffle=8, seed=1)
    first, second = labels_of(dataset), labels_of(dataset)
    assert sorted(first) == sorted(second) == list(y)
    assert first != second
    assert first != list(y)


def test_a_seed_repeats_the_order(folder):
    orders = [labels_of(read_records(folder, shuffle=8, seed=5)) for _ in range(2)]
    assert orders[0] == orders[1]
    assert orders[0] != labels_of(read_records(folder, shuffle=8, seed=6))


def test_repeating_goes_on_with_full_batches_across_the_end(folder):
    batches = itertools.islice(read_records(folder, batch_size=3, repeat=True), 5)
    labels = [label.numpy().tolist() for _, label in batches]
    assert labels == [[0, 1, 2], [3, 4, 5], [6, 7, 0], [1, 2, 3], [4, 5, 6]]


def test_writing_a_memory_mapped_array_does_not_load_it(tmp_path):
    mapped = np.memmap(tmp_path / "X.bin", dtype=np.uint8, mode="w+", shape=(40, 1_000_000))
    write_records(tmp_path / "warm-up", X)
    assert peak_memory(write_records, tmp_path / "set", mapped)[1] < 8_000_000


@pytest.mark.only_on("linux", reason="ru_maxrss counts kibibytes there")
def test_reading_keeps_only_a_few_samples_in_memory(tmp_path):
    mapped = np.memmap(tmp_path / "X.bin", dtype=np.uint8, mode="w+", shape=(60, 1_000_000))
    write_records(tmp_path / "set", mapped)
    script = """
        import resource, sys
        from helpers.records import read_records

        def peak():
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

        dataset = read_records(sys.argv[1])
        next(iter(dataset))
        before = peak()
        count = sum(1 for _ in dataset)
        print(count, peak() - before)
    """
    result = run_script(script, tmp_path / "set")
    count, growth = map(int, result.stdout.split())
    kibibytes_of_all_samples = 60 * 1_000_000 / 1024
    assert count == 60
    assert growth < kibibytes_of_all_samples / 3


# Errors that teach


def test_a_folder_of_other_files_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("42")
    (tmp_path / records.INDEX).write_text('{"chapters": 4}')
    with pytest.raises(FileExistsError, match="holds files that are not records"):
        write_records(tmp_path, X)
    assert sorted(file.name for file in tmp_path.iterdir()) == [records.INDEX, "thesis.tex"]


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "set").touch()
    with pytest.raises(FileExistsError, match="is a file"):
        write_records(tmp_path / "set", X)


def test_a_missing_folder_is_told_with_what_makes_it(tmp_path):
    with pytest.raises(FileNotFoundError, match="write them first with write_records"):
        read_records(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"X": X[:0]}, ValueError, "'feature/X' has no samples"),
        ({"X": {}}, ValueError, "no features to write"),
        ({"X": pd.DataFrame([[1, 2]], columns=["a", "a"])}, ValueError, "two columns of one name"),
        ({"X": X, "y": y[:5]}, ValueError, "'label' has 5 samples where 'feature/X' has 8"),
        ({"X": {0: y}}, TypeError, "name of a feature is 0, but it must be text"),
        ({"X": np.ma.masked_less(X, 3)}, ValueError, r"^X has masked values, .* fill them"),
        ({"X": np.array(["a", "b"])}, TypeError, "records cannot hold; convert them"),
        ({"X": X, "shards": 9}, ValueError, "shards is 9, but .* a whole number from 1 to 8"),
        ({"X": X, "compression": "ZIP"}, ValueError, "compression is 'ZIP', but .* one of None"),
        ({"X": X, "path": "gs://bucket/set"}, ValueError, "it must be a path on this machine"),
    ],
)
def test_bad_input_is_refused_before_anything_is_written(tmp_path, arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        write_records(**{"path": tmp_path / "set"} | arguments)
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize("argument", ["repeat", "verify"])
def test_what_is_neither_true_nor_false_is_refused(folder, argument):
    with pytest.raises(ValueError, match=f"^{argument} is 3, but it must be one of True, False"):
        read_records(folder, **{argument: 3})
