"""This contender is PyTorch, as it trains on packed sequences of 5 to 60 tokens. Its argument is the task, acceptor
or tagger."""
import sys

import torch
from rounds import answer
from torch.nn.utils.rnn import pack_padded_sequence, pack_sequence, pad_packed_sequence

task = sys.argv[1]
symbols, classes, embedding, hidden, batch, shortest, longest = 96, 16, 64, 128, 32, 5, 60
torch.set_num_threads(1)
torch.manual_seed(1)

embed = torch.nn.Embedding(symbols, embedding)
recurrent = torch.nn.LSTM(embedding, hidden, batch_first=True, bidirectional=True)
output = torch.nn.Linear(2 * hidden, classes)
parameters = [*embed.parameters(), *recurrent.parameters(), *output.parameters()]
optimizer = torch.optim.Adam(parameters, lr=1e-3)

rows = sorted(
    (torch.randint(symbols, (int(length),)) for length in torch.randint(shortest, longest + 1, (2048,))), key=len
)
# Rows of similar length share a batch, whose longest comes first, as packing wants it.
batches = [rows[start : start + batch][::-1] for start in range(0, len(rows), batch)]
packs = [pack_sequence(group) for group in batches]
tags = [torch.randint(classes, (len(pack.data),)) for pack in packs]
labels = [torch.randint(classes, (len(group),)) for group in batches]
order = torch.randperm(len(packs)).tolist()
position = 0


def step():
    global position
    index = order[position % len(order)]
    position += 1
    pack = packs[index]
    optimizer.zero_grad()
    read = torch.nn.utils.rnn.PackedSequence(embed(pack.data), pack.batch_sizes)
    vectors, _ = recurrent(read)
    if task == "tagger":
        loss = torch.nn.functional.cross_entropy(output(vectors.data), tags[index])
    else:
        padded, _ = pad_packed_sequence(vectors, batch_first=True, padding_value=float("-inf"))
        loss = torch.nn.functional.cross_entropy(output(padded.max(1).values), labels[index])
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, 1.0)
    optimizer.step()
    return len(pack.data)


answer(step)
