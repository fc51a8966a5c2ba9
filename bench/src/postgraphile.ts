// The peer of customer-360: PostGraphile 5 with its Amber preset, as its own documentation sets it up. A process of its own.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({ connectionString: String(process.env.DATABASE_URL), schemas: ['public', 'peer'], poolConfig: { max: 10, min: 10 } }),
  ],
  grafserv: { watch: false, graphiql: false, graphqlPath: '/graphql' },
  grafast: { explain: false },
  schema: { defaultBehavior: '+list -connection' },
});
const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`));
// Not by the signal itself: a profile is only written by a process that ends on its own.
process.once('SIGTERM', () => process.exit(0));
