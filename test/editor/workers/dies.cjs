// Loaded into a trainer before its script: it dies by UNROLL_TEST_DEATH when it has said what that names, such
// as `SIGSEGV saved`, or at once where nothing is named.
const { isMainThread } = require('node:worker_threads');

const [signal, when] = process.env.UNROLL_TEST_DEATH.split(' ');
const die = () => {
  process.kill(process.pid, signal);
  for (;;);
};
if (!when) die();
const send = process.send?.bind(process);
// The trainer's threads load this too.
if (isMainThread)
  process.send = (message, ...others) => {
    const [handle, options, sent] = others;
    const dies = message.event?.type === when;
    return send(message, handle, options, dies ? die : sent);
  };
