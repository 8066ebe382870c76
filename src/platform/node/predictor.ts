import { servePredictor } from '../../worker/predictor.ts';
import { hostPort } from './hostPort.ts';
import { nodePlatform } from './platform.ts';

servePredictor(hostPort(), nodePlatform(__dirname));
