// npm run pictures: the pictures of the README and the walkthrough; `-- phenomena`: what the panel shows of a network.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../test/host/tools.ts';

if (process.argv.includes('phenomena')) await import('./phenomena/take.ts');
else {
  const start = [join(root, 'scripts/start.ts'), '--once', '--pictures', 'media/pictures'];
  execFileSync(process.execPath, start, { stdio: 'inherit' });
  await import('./columnPicture.ts');
  await import('./walkthroughPictures.ts');
}
