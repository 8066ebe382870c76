"""Long sequences, which are read in windows with a state that is carried from each to the next (truncated BPTT)."""
import torch

from training import Training, WORLD, fail, share, total

WARM_UP = 64  # the steps that each held-out row reads before those that count
READ_AGAIN = 256  # the steps that are read again before training goes on from a checkpoint


def held_out_rows(own, held_out, rows):
    """The held-out part side by side in at most `rows` rows: x and y, [rows, n]; y is -1 where it does not count.

    own: the training part, whose end is read before it
    """
    if len(held_out) < 2:
        return None
    height = max(1, min(rows, len(held_out) // WARM_UP))
    length = len(held_out) // height
    context = min(WARM_UP, len(own))
    text = torch.cat([own[len(own) - context :], held_out])
    steps = context + length - 1
    x = torch.stack([text[row * length : row * length + steps] for row in range(height)])
    y = torch.stack([text[row * length + 1 : row * length + steps + 1] for row in range(height)])
    y[:, : context - 1] = -1
    return x, y


class Streams:
    """Cuts the training part into B streams, and reads them side by side in windows (truncated BPTT).

    There is an update every k1 steps, and its gradient goes back over k2 (Williams & Peng 1990; Sutskever 2013).
    """

    def __init__(self, tokens, batch, k1, k2):
        self.batch, self.k1, self.k2, self.span = batch, k1, k2, max(k1, k2)
        self.length = (len(tokens) - 1) // batch
        self.tokens = tokens
        self.per_epoch = 1 + (self.length - self.span) // k1

    def read(self, rows, start, steps):
        """The tokens of the streams `rows` from step `start` on: [rows, steps]."""
        places = torch.tensor(rows).unsqueeze(1) * self.length + torch.arange(start, start + steps)
        return self.tokens[places]

    def window(self, number, rows):
        """The window of an update, counted from 0, for the streams `rows`.

        → whether the streams begin again, the steps `lead` that are read before it without learning, x and y
        [rows, k2]. Windows overlap if k2 > k1; then each target counts in the window that sees most before it.
        """
        start = (number % self.per_epoch) * self.k1
        lead = self.span - self.k2
        x = self.read(rows, start + lead, self.k2)
        y = self.read(rows, start + lead + 1, self.k2)
        if start > 0 and self.k2 > self.k1:
            y[:, : self.k2 - self.k1] = -1
        return start == 0, self.read(rows, start, lead), x, y

    def counted(self, number):
        """The targets of a window that count, of all streams together."""
        first = number % self.per_epoch == 0
        return self.batch * (self.k2 if first else min(self.k1, self.k2))

    def before(self, number, rows, steps):
        """The steps before a window, `steps` of them if there are as many."""
        start = (number % self.per_epoch) * self.k1
        steps = min(steps, start)
        return self.read(rows, start - steps, steps)

    def epoch(self, number):
        """The passes over the text after `number` updates."""
        passes, window = divmod(number, self.per_epoch)
        return passes + window * self.k1 / self.length


def detach(state):
    """Cuts the state from the graph of its window: [] of layers, each with its vectors."""
    return [tuple(v.detach().float() for v in vectors) for vectors in state]


class StreamTraining(Training):
    """Truncated backpropagation through time. `data` has the steps of a sequence, and judges what is predicted of them."""

    def open(self):
        """→ the data"""
        raise NotImplementedError

    def read(self):
        self.data = self.open()
        own, train, held_out = self.data.own, self.data.train, self.data.held_out
        k1, k2 = (min(self.options[name], self.data.longest) for name in ["k1", "k2"])
        # Short sequences are read in fewer streams, so that there is a state to carry.
        span = max(k1, k2)
        fits = lambda steps: max(1, min(self.options["batch"], len(steps) // (4 * span + 1)))
        batch = fits(train)
        if len(train) <= span:
            fail(f"There are {len(train)} steps to learn, too few for windows of {span}: make --k1 and --k2 smaller.")
        if batch < WORLD:
            fail(f"{WORLD} processes cannot share {batch} streams: start fewer, or make --batch larger.")
        self.batches = Streams(train, batch, k1, k2)
        self.rows = share(batch)
        self.held_out = held_out_rows(own, held_out, fits(own))
        self.tokens = f"{len(train)} steps"

    def begin(self):
        self.state = detach(self.network.initial(len(self.rows), self.device))
        if self.update > 0:
            self.state = self.advance(self.batches.before(self.update, self.rows, READ_AGAIN), self.state)

    @torch.no_grad()
    def advance(self, steps, state, reset=None):
        """Reads steps [B, n] without learning. → the state after them"""
        self.network.eval()
        if steps.shape[1] > 0:
            state = detach(self.network(self.data.inputs(steps).to(self.device), state, reset)[1])
        self.network.train()
        return state

    def nats(self):
        options, streams = self.options, self.batches
        restart, lead, x, y = streams.window(self.update, self.rows)
        # Some streams begin at h[0] instead of where they were (Melis, Dyer & Blunsom 2018).
        chance = torch.rand(streams.batch, generator=torch.Generator().manual_seed(options["seed"] * 1_000_003 + self.update))
        reset = (chance[self.rows] < (1 if restart else options["reset"])).to(self.device)
        if lead.shape[1] > 0:
            self.state = self.advance(lead, self.state, reset)
            reset = torch.zeros_like(reset)
        with self.autocast():
            outputs, state = self.model(self.data.inputs(x).to(self.device), self.state, reset, min(streams.k1, streams.k2))
        self.state = detach(state)
        return self.data.nats(outputs.float(), y)

    def evaluate(self):
        if self.held_out is None:
            return None
        x, y = self.held_out
        rows = share(len(x))
        sums = self.data.sums(None, None)
        if rows:
            state = self.network.initial(len(rows), self.device)
            outputs, _ = self.network(self.data.inputs(x[rows]).to(self.device), state)
            sums = self.data.sums(outputs, y[rows])
        return self.data.judge(total(*sums, device=self.device), y)
