"""Prints the floating-point operations per second that PyTorch reaches in the matrix products of a training step
of an LSTM of 128 units. Debian's PyTorch takes its products from whatever BLAS is installed: the reference BLAS
is some twenty times slower than OpenBLAS."""
import time

import torch

rows, hidden, gates = 1250, 128, 512
torch.set_num_threads(1)
a, b = torch.rand(rows, hidden), torch.rand(hidden, gates)


def seconds():
    start = time.process_time()
    for _ in range(100):
        a @ b
    return (time.process_time() - start) / 100


rounds = sorted(seconds() for _ in range(5))
print(2 * rows * hidden * gates / rounds[len(rounds) // 2])
