    def initial(self, batch, device):
        """The state before the first step: of each layer, its vectors."""
        return [layer.initial(batch, device) for layer in self.layers]

    def forward(self, tokens, state, reset=None, carry=None):
        """Reads a window of tokens [B, T] after `state`.

        reset [B]: the streams that begin at h[0] instead. carry: the step after which the next window begins.
        → the logits [B, T, V], and the state after `carry` steps, or after all
        """
        if reset is not None:
            begun = self.initial(len(tokens), tokens.device)
            state = [tuple(torch.where(reset[:, None], a, b) for a, b in zip(*pair)) for pair in zip(begun, state)]
        x = F.one_hot(tokens, self.tokens).float() if self.embedding is None else self.embedding(tokens)
        steps = tokens.shape[1]
        carry = steps if carry is None else carry
        carried = []
        for layer, before in zip(self.layers, state):
            outputs, after = layer(x[:, :carry], before)
            carried.append(after)
            if carry < steps:
                outputs = torch.cat([outputs, layer(x[:, carry:], after)[0]], 1)
            x = self.dropout(outputs)
        return self.output(x), carried
