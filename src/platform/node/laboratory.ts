import { serveLaboratory } from '../../worker/laboratory.ts';
import { hostPort } from './hostPort.ts';
import { nodePlatform } from './platform.ts';

serveLaboratory(hostPort(), nodePlatform(__dirname));
