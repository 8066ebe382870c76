"""Reads and writes safetensors files of 32-bit numbers, as the package `safetensors` does."""
import ctypes
import json
import os
import struct

import torch


def read(path):
    """Returns the tensors of a file by name, and its metadata, which are texts by name."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        numbers = torch.frombuffer(data, dtype=torch.float32, count=(end - start) // 4, offset=start)
        tensors[name] = numbers.reshape(entry["shape"])
    return tensors, metadata


def write(path, tensors, metadata):
    """Writes a file, which replaces the one of that name only when it is whole."""
    tensors = {name: tensor.detach().float().cpu().contiguous() for name, tensor in tensors.items()}
    header, end = {"__metadata__": metadata}, 0
    for name, tensor in tensors.items():
        start, end = end, end + 4 * tensor.numel()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path + ".part", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(ctypes.string_at(tensor.data_ptr(), 4 * tensor.numel()))
    os.replace(path + ".part", path)
