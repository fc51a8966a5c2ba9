import { Database, importFile, Line, loadWorkspace, Registry } from '@enishi/core';
import { visits, visitsFile } from './plugin.ts';

/** A process of its own that imports a file and says how far it is, until somebody kills it. */
const [url = '', path = ''] = process.argv.slice(2);
const database = await Database.open({ url });
const workspace = await loadWorkspace(database, 'main');
if (workspace === undefined) throw new Error('no workspace');
const line = new Line({ database, registry: new Registry([visits({})]) });
await importFile({
  database,
  line,
  workspace,
  source: 'visits.file',
  file: visitsFile,
  path,
  batchSize: 50,
  onProgress: ({ items, accepted, duplicate }) => process.send?.({ items, stored: accepted + duplicate }),
});
process.send?.('finished');
