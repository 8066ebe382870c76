// Runs in the extension host beside the extension, and writes a line of JSON a second to the file that PROBE_FILE names:
// by how many milliseconds each of its timers was late, and when the host heard of each change of a text.
const { appendFileSync } = require('node:fs');
const { workspace } = require('vscode');

/** The milliseconds of a timer. */
const pause = 5;

const now = () => performance.timeOrigin + performance.now();
let [late, changed] = [[], []];

exports.activate = ({ subscriptions }) => {
  let due = now() + pause;
  const tick = () => {
    late.push(now() - due);
    due = now() + pause;
    timer = setTimeout(tick, pause);
  };
  let timer = setTimeout(tick, pause);
  const writing = setInterval(() => {
    appendFileSync(process.env.PROBE_FILE, `${JSON.stringify({ at: now(), late, changed })}\n`);
    [late, changed] = [[], []];
  }, 1000);
  subscriptions.push(
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document.uri.scheme !== 'output' && contentChanges.length > 0) changed.push(now());
    }),
    {
      dispose() {
        clearTimeout(timer);
        clearInterval(writing);
      },
    },
  );
};
