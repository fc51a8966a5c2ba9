import { authenticate } from '@enishi/core';
import { createTestDomain, instants, personNumber } from '@enishi/testkit';
import { expect, it } from 'vitest';

it('takes an event to a customer, on a database of its own', async () => {
  await using w = await createTestDomain();
  const person = personNumber(1);
  const at = instants();
  const submission = { id: 'm1', type: 'enishi.identified', at: at(0), identifiers: { email: person.email, phone: person.phone } };
  const [receipt] = await w.line.accept(w.workspace, 'api', [submission]);
  expect(receipt).toMatchObject({ status: 'ACCEPTED', id: 'm1' });
  expect(await w.database.query(w.workspace.id, 'select namespace, value from identity order by 1')).toEqual([
    { namespace: 'email', value: person.email },
    { namespace: 'phone', value: '+819000000001' },
  ]);
});

it('gives the same ids in each world', async () => {
  const idOf = async (): Promise<unknown> => {
    await using w = await createTestDomain();
    const [receipt] = await w.line.accept(w.workspace, 'api', [
      { id: 'm1', type: 'enishi.identified', identifiers: { email: 'a@shop.example' } },
    ]);
    return receipt && 'eventId' in receipt && receipt.eventId;
  };
  const id = await idOf();
  expect(id).toEqual(expect.any(String));
  expect(await idOf()).toEqual(id);
});

it('makes keys that work', async () => {
  await using w = await createTestDomain({ workspace: { key: 'shop', country: 'GB' } });
  expect(await authenticate(w.database, await w.key('bi'))).toMatchObject({ role: 'bi', workspace: { key: 'shop', country: 'GB' } });
});
