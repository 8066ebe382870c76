"""This contender is PyTorch, as it trains an encoder-decoder with additive attention (Bahdanau et al. 2015) on sources and
targets of 3 to 12 characters."""
import torch
from rounds import answer
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

symbols, embedding, read, written, batch, shortest, longest = 40, 32, 64, 128, 32, 3, 12
torch.set_num_threads(1)
torch.manual_seed(1)


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed_source = nn.Embedding(symbols, embedding)
        self.encoder = nn.GRU(embedding, read, batch_first=True, bidirectional=True)
        self.embed = nn.Embedding(symbols + 1, embedding)
        self.start = nn.Linear(2 * read, written, bias=False)
        self.query = nn.Linear(written, written, bias=False)
        self.keys = nn.Linear(2 * read, written, bias=False)
        self.score = nn.Linear(written, 1, bias=False)
        self.of_input = nn.Linear(embedding, 3 * written)
        self.of_context = nn.Linear(2 * read, 3 * written, bias=False)
        self.gates_of_state = nn.Linear(written, 2 * written, bias=False)
        self.candidate_of_state = nn.Linear(written, written, bias=False)
        self.output = nn.Linear(written, symbols + 1)

    def forward(self, source, lengths, padding, targets):
        packed = pack_padded_sequence(self.embed_source(source), lengths, batch_first=True, enforce_sorted=False)
        encoded, last = self.encoder(packed)
        m, _ = pad_packed_sequence(encoded, batch_first=True)
        h = torch.tanh(self.start(torch.cat([last[0], last[1]], dim=1)))
        # Everything that does not depend on the step is computed before the loop.
        keys = self.keys(m)
        inputs = self.of_input(self.embed(targets))
        states = []
        for t in range(targets.shape[1]):
            e = self.score(torch.tanh(self.query(h)[:, None] + keys)).squeeze(2)
            a = torch.softmax(e.masked_fill(padding, float("-inf")), dim=1)
            c = torch.bmm(a[:, None], m).squeeze(1)
            z_in, r_in, g_in = (inputs[:, t] + self.of_context(c)).chunk(3, dim=1)
            z_h, r_h = self.gates_of_state(h).chunk(2, dim=1)
            z, r = torch.sigmoid(z_in + z_h), torch.sigmoid(r_in + r_h)
            g = torch.tanh(g_in + self.candidate_of_state(r * h))
            h = z * h + (1 - z) * g
            states.append(h)
        return self.output(torch.stack(states, dim=1))


model = Attention()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)


def text():
    return torch.randint(symbols, (int(torch.randint(shortest, longest + 1, (1,))),))


# Pairs of similar lengths share a batch.
pairs = sorted(((text(), text()) for _ in range(2048)), key=lambda pair: (len(pair[0]), len(pair[1])))
batches = []
boundary = torch.tensor([symbols])
for start in range(0, len(pairs), batch):
    group = pairs[start : start + batch]
    lengths = torch.tensor([len(source) for source, _ in group])
    source = pad_sequence([source for source, _ in group], batch_first=True)
    padding = torch.arange(source.shape[1])[None] >= lengths[:, None]
    x = pad_sequence([torch.cat([boundary, target]) for _, target in group], batch_first=True)
    y = pad_sequence([torch.cat([target, boundary]) for _, target in group], batch_first=True, padding_value=-100)
    batches.append((source, lengths, padding, x, y, sum(len(target) + 1 for _, target in group)))
order = torch.randperm(len(batches)).tolist()
position = 0


def step():
    global position
    source, lengths, padding, x, y, tokens = batches[order[position % len(order)]]
    position += 1
    optimizer.zero_grad()
    logits = model(source, lengths, padding, x)
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten())
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return tokens


answer(step)
