// Has `import … from 'vscode'` find the module beside this one. Imported before the extension is.
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === 'vscode'
      ? { url: new URL('index.ts', import.meta.url).href, shortCircuit: true }
      : nextResolve(specifier, context),
});
