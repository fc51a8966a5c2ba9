// A plugin worker in a process of its own, for crash.test.ts: asks the partner named on the command line.
import { Database, Desks, Line, PluginWorker, Registry } from '@enishi/core';
import { partnerSources } from './partner-sources.ts';
import { place } from './world.ts';

const [url = '', partner = ''] = process.argv.slice(2);
const sources = partnerSources(partner);
const registry = new Registry([place(sources)]);
const database = await Database.open({ url });
new PluginWorker({
  database,
  line: new Line({ database, registry }),
  desks: new Desks({ database, registry }),
  sources: new Map(Object.entries(sources).map(([name, source]) => [`place.${name}`, source])),
  now: () => new Date(),
  bodyOf: async ({ body }) => JSON.parse(Buffer.from(body).toString()) as unknown,
}).start();
