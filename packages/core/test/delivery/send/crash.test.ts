import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { listDeliveries } from '@enishi/core';
import { expect, it } from 'vitest';
import { createWorld, fake } from '../world.ts';

const script = fileURLToPath(new URL('./worker-process.ts', import.meta.url));

/** A partner that takes the first call of all and never answers it. */
async function startPartner() {
  const taken: string[] = [];
  const first = Promise.withResolvers<ServerResponse>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    taken.push(...(JSON.parse(Buffer.concat(chunks).toString()) as string[]));
    first.resolve(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${port}/`, taken, first: first.promise, [Symbol.asyncDispose]: stop };
}

it('a worker killed in the middle of a call loses nothing: another one sends the same key again', async () => {
  await using partner = await startPartner();
  const again: string[] = [];
  const taking = fake(async (deliveries) => {
    again.push(...deliveries.map(({ id }) => id));
    return deliveries.map(() => ({ status: 'delivered' }));
  });
  await using world = await createWorld({ 'fake.mail': taking });
  await world.program();
  await world.move([await world.addPerson()]);

  const child = spawn(process.execPath, ['--conditions=@enishi/source', '--import', 'tsx', script, world.url, partner.url], {
    stdio: 'inherit',
  });
  const exited = once(child, 'exit');
  await Promise.race([partner.first, exited]);
  child.kill('SIGKILL');
  await exited;

  expect((await listDeliveries(world.database, world.workspace.id)).deliveries).toMatchObject([{ status: 'SENDING', attempts: 1 }]);
  world.now = new Date();
  await world.worker().settle();
  expect(again).toEqual([]);
  world.pass(600);
  await world.worker().settle();
  expect(again).toEqual(partner.taken);
  expect((await listDeliveries(world.database, world.workspace.id)).deliveries).toMatchObject([{ status: 'DELIVERED', attempts: 2 }]);
});
