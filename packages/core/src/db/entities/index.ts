import { ApiKey } from './api-key.ts';
import { Program } from './program.ts';
import { Segment } from './segment.ts';
import { Workspace } from './workspace.ts';

export const entities = [Workspace, ApiKey, Segment, Program];
