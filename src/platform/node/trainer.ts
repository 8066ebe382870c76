import { serveTrainer } from '../../worker/trainer.ts';
import { hostPort } from './hostPort.ts';
import { nodePlatform } from './platform.ts';

serveTrainer(hostPort(), nodePlatform(__dirname));
