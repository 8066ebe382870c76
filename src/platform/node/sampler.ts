import { serveSampler } from '../../worker/sampler.ts';
import { hostPort } from './hostPort.ts';
import { nodePlatform } from './platform.ts';

serveSampler(hostPort(), nodePlatform(__dirname));
