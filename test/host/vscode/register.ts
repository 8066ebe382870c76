// Makes the extension find the modules beside this one where it imports `vscode` and `node:worker_threads`.
// This file is imported before the extension is.
import { registerHooks } from 'node:module';

const standIns: Readonly<Record<string, string>> = {
  vscode: 'index.ts',
  'node:worker_threads': 'workers.ts',
};

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    Object.hasOwn(standIns, specifier) &&
    /\/src\/(editor\/|platform\/node\/startWorker|extension\.ts)/.test(context.parentURL ?? '')
      ? { url: new URL(standIns[specifier], import.meta.url).href, shortCircuit: true }
      : nextResolve(specifier, context),
});
