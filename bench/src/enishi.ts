// Enishi's own server, built, in a process of its own: as `enishi start` puts it together, on a free port, with default settings.
import { createServer } from '@enishi/server';
import { store } from './world.ts';

const server = await createServer({
  plugins: [store],
  database: { url: String(process.env.DATABASE_URL), migrate: false },
  http: { host: '127.0.0.1', port: 0 },
});
const url = await server.listen();
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
process.send?.(url.replace('localhost', '127.0.0.1'));
