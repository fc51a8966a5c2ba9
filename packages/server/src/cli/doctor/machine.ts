import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Config } from '../../config/config.ts';
import { portFault } from '../../embedded/port.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

export function checkNode(version: string): Finding {
  const major = Number(version.split('.', 1)[0]);
  if (major < 20) return fail('node', `v${version}`, 'Enishi needs Node 20 or later; npm scripts bring 24 along.');
  return major < 24
    ? warn('node', `v${version}`, 'Tested on 24: start it through npm scripts, which bring it along.')
    : ok('node', `v${version}`);
}

export async function checkPort({ http: { host, port } }: Config): Promise<Finding> {
  const fault = await portFault(host, port);
  if (fault === undefined) return ok('port', `${port} on ${host} is free`);
  return warn('port', `${port} on ${host}: ${fault}`, 'Fine if this server is running; otherwise choose another with PORT.');
}

export function checkPublicUrl({ http: { publicUrl, port } }: Config): Finding {
  if (publicUrl === undefined)
    return warn('public url', `http://localhost:${port}`, 'Set PUBLIC_URL: vendors and unsubscribe links cannot reach localhost.');
  return publicUrl.startsWith('https:')
    ? ok('public url', publicUrl)
    : warn('public url', publicUrl, 'Use https: keys and personal data pass over it.');
}

const gigabyte = 1024 ** 3;

export async function checkDisk({ database }: Config): Promise<Finding> {
  const folder = database.url === undefined ? nearest(resolve(database.folder)) : process.cwd();
  const { bavail, bsize } = await statfs(folder);
  const free = (bavail * bsize) / gigabyte;
  const found = `${free.toFixed(1)} GB free at ${folder}`;
  if (free < 0.5) return fail('disk', found, 'Free some space: a full disk stops the database.');
  return free < 5 ? warn('disk', found, 'Events grow by about 1 GB per million.') : ok('disk', found);
}

const nearest = (folder: string): string => (existsSync(folder) ? folder : nearest(dirname(folder)));
