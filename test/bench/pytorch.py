"""This contender of the benchmark is PyTorch. Its arguments are: cell layers hidden. It prints 'ready'; then,
for each number of milliseconds on standard input, it trains for that long and prints tokens per second."""
import json
import resource
import sys
import time

import torch

cell, layers, hidden = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
symbols, batch, unroll = 96, 50, 50
torch.set_num_threads(1)
torch.manual_seed(1)

kinds = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "elman": torch.nn.RNN}
recurrent = kinds[cell](symbols, hidden, layers)
output = torch.nn.Linear(hidden, symbols)
parameters = list(recurrent.parameters()) + list(output.parameters())
optimizer = torch.optim.Adam(parameters, lr=1e-3)
text = torch.randint(symbols, (unroll + 1, batch))
x = torch.nn.functional.one_hot(text[:-1], symbols).float()
y = text[1:].reshape(-1)
state = None


def step():
    global state
    optimizer.zero_grad()
    hs, after = recurrent(x, state)
    loss = torch.nn.functional.cross_entropy(output(hs).reshape(-1, symbols), y)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, 1.0)
    optimizer.step()
    state = tuple(s.detach() for s in after) if isinstance(after, tuple) else after.detach()


for _ in range(3):
    step()
print("ready", flush=True)
for line in sys.stdin:
    start, cpu = time.perf_counter(), time.process_time()
    steps = 0
    while time.perf_counter() - start < float(line) / 1000:
        step()
        steps += 1
    elapsed, used = time.perf_counter() - start, time.process_time() - cpu
    tokens = steps * batch * unroll
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rates = {"tokensPerSecond": tokens / elapsed, "tokensPerCpuSecond": tokens / used}
    print(json.dumps({**rates, "megabytes": megabytes}), flush=True)
