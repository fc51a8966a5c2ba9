// A delivery worker in a process of its own, for crash.test.ts: sends by HTTP to the partner named on the command line.
import { Database, DeliveryWorker } from '@enishi/core';
import { desksFor, fake } from '../world.ts';

const [url = '', partner = ''] = process.argv.slice(2);
const destination = fake(async (deliveries, desk) => {
  const reply = await desk.fetch(partner, { method: 'POST', body: JSON.stringify(deliveries.map(({ id }) => id)) });
  return deliveries.map(() => (reply.ok ? { status: 'delivered' } : { status: 'retry', reason: String(reply.status) }));
});
const database = await Database.open({ url });
const desks = desksFor(database, [new URL(partner).host]);
await new DeliveryWorker({ database, desks, destinations: new Map([['fake.mail', destination]]) }).start();
