import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { App } from '../http/app.ts';
import { clientScript } from './client.ts';
import { page, pagePolicy } from './page.ts';

const require = createRequire(import.meta.url);
const folderOf = (packageName: string): string => dirname(require.resolve(`${packageName}/package.json`));

/** The files of the npm packages, served from here: the page works on a machine without the internet. */
const assets: Readonly<Record<string, { readonly type: string; readonly path: () => string }>> = {
  'react.js': { type: 'text/javascript', path: () => join(folderOf('react'), 'umd/react.production.min.js') },
  'react-dom.js': { type: 'text/javascript', path: () => join(folderOf('react-dom'), 'umd/react-dom.production.min.js') },
  'graphiql.js': { type: 'text/javascript', path: () => join(folderOf('graphiql'), 'graphiql.min.js') },
  'graphiql.css': { type: 'text/css', path: () => join(folderOf('graphiql'), 'graphiql.min.css') },
  'graphql-ws.js': { type: 'text/javascript', path: () => join(folderOf('graphql-ws'), 'umd/graphql-ws.min.js') },
};

/** GraphiQL with one prepared tab per audience. */
export function mountGraphiql(app: App): void {
  app.get('/graphiql', (_request, reply) =>
    reply.header('content-security-policy', pagePolicy).type('text/html; charset=utf-8').send(page),
  );
  app.get('/graphiql/client.js', (_request, reply) => reply.type('text/javascript; charset=utf-8').send(clientScript));
  for (const [name, { type, path }] of Object.entries(assets))
    app.get(`/graphiql/${name}`, (_request, reply) =>
      reply.type(`${type}; charset=utf-8`).header('cache-control', 'public, max-age=86400').send(createReadStream(path())),
    );
}
