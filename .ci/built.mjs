// The built packages, as they are published: each can be imported, and a server made of them answers and stops.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [{ createServer }, { ec }, { pos }] = await Promise.all(
  ['server', 'plugin-ec', 'plugin-pos', 'plugin-email', 'testkit'].map((name) => import(`@enishi/${name}`)),
);
const folder = mkdtempSync(join(tmpdir(), 'enishi-built-'));
try {
  const server = await createServer({
    plugins: [pos({}), ec({})],
    database: { folder: join(folder, 'postgres') },
    http: { host: '127.0.0.1', port: 0 },
    log: { level: 'warn' },
  });
  const { status } = await fetch(`${await server.listen()}/readyz`);
  await server.close();
  if (status !== 200) throw new Error(`/readyz answered ${status}`);
  console.log('the built server was ready');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
