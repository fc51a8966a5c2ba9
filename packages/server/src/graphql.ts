import type { Feed } from '@enishi/core';
import type { App } from './http/app.ts';
import { Refusal } from './http/errors.ts';
import type { Logger } from './http/log.ts';
import type { Installation } from './installation.ts';
import type { Metrics } from './metrics.ts';

export interface GraphqlOptions {
  readonly installation: Installation;
  readonly feed: Feed;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

export interface MountedGraphql {
  close(): Promise<void>;
}

export async function mountGraphql(app: App, _options: GraphqlOptions): Promise<MountedGraphql> {
  app.post('/graphql', () => {
    throw new Refusal(501, 'NOT_IMPLEMENTED', { message: 'Not yet.' });
  });
  return { close: async () => {} };
}
