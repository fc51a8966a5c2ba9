import type { PluginWork } from '@enishi/core';
import { parseHookBody } from './hooks/body.ts';
import type { Installation } from './installation.ts';

/** What running the plugins' sources takes, of this installation. */
export const pluginWorkOf = ({
  config,
  database,
  desks,
  line,
  sources,
}: Installation): Pick<PluginWork, 'database' | 'desks' | 'line' | 'sources' | 'seconds' | 'random' | 'bodyOf'> => ({
  database,
  desks,
  line,
  sources,
  seconds: config.pluginLimits.workSeconds,
  random: Math.random,
  bodyOf: ({ body, headers }) => parseHookBody(body, headers['content-type']),
});
