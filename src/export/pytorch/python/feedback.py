    def initial(self, batch, device):
        """The state before the first step: of each layer, its vectors, then the outputs y[0], which are 0."""
        zeros = torch.zeros(batch, self.tokens, device=device)
        return [layer.initial(batch, device) for layer in self.layers] + [(zeros,) * LAGS]

    def forward(self, tokens, state, reset=None, carry=None):
        """Reads a window of tokens [B, T] after `state`, step by step: a cell reads the output of the step before.

        reset [B]: the streams that begin at h[0] instead. carry: the step after which the next window begins.
        → the logits [B, T, V], and the state after `carry` steps, or after all
        """
        if reset is not None:
            begun = self.initial(len(tokens), tokens.device)
            state = [tuple(torch.where(reset[:, None], a, b) for a, b in zip(*pair)) for pair in zip(begun, state)]
        window = F.one_hot(tokens, self.tokens).float() if self.embedding is None else self.embedding(tokens)
        logits = []
        carried = state
        for t, x in enumerate(window.unbind(1), 1):
            *befores, ys = state
            state = []
            for layer, before in zip(self.layers, befores):
                x, after = layer.step(x, ys, before)
                state.append(after)
                x = self.dropout(x)
            logits.append(self.output(x))
            y = torch.softmax(logits[-1].float(), -1)
            state.append((y, *ys[:-1]))
            if t == carry or (carry is None and t == len(window[0])):
                carried = state
        return torch.stack(logits, 1), carried
