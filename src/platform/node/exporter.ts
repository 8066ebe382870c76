import { serveExporter } from '../../worker/exchange/exporter.ts';
import { publicFiles } from './files.ts';
import { hostPort } from './hostPort.ts';
import { readPage } from './page.ts';
import { nodePlatform } from './platform.ts';

serveExporter(hostPort(), nodePlatform(__dirname), {
  files: publicFiles,
  readPage: () => readPage(__dirname),
});
