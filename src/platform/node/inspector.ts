import { serveInspector } from '../../worker/inspector.ts';
import { hostPort } from './hostPort.ts';
import { nodePlatform } from './platform.ts';

serveInspector(hostPort(), nodePlatform(__dirname));
