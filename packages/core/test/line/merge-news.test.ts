import { Line, type Submission, saveProgram, saveSegment } from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { delivered, fake } from '../delivery/world.ts';
import { shop } from './world.ts';

const seen = (type: string, identifiers: Submission['identifiers']): Submission => ({
  type,
  identifiers,
  ...(type === 'shop.ordered' ? { properties: { total: 1 } } : {}),
});

it('writes to nobody a second time because two customers turn out to be one', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { database, registry, workspace } = domain;
  const planned: number[] = [];
  const line = new Line({ database, registry, onBatch: ({ deliveries }) => planned.push(deliveries) });
  const destinations = new Map([['mail', fake(delivered)]]);
  await saveSegment(line, workspace, { key: 'buyers', name: 'Buyers', rule: { event: 'shop.ordered' } });
  await saveProgram({ database, destinations }, workspace, {
    key: 'thanks',
    name: 'Thanks',
    segment: 'buyers',
    trigger: 'BOTH',
    destination: 'mail',
    message: { text: 'Thank you' },
  });
  await line.accept(workspace, 'web', [seen('enishi.identified', { email: 'hanako@shop.example' })]);
  await line.accept(workspace, 'store', [seen('shop.ordered', { member: 'M-1' })]);
  expect(planned.reduce((total, some) => total + some, 0)).toBe(1);
  await line.accept(workspace, 'store', [seen('enishi.identified', { member: 'M-1', email: 'hanako@shop.example' })]);
  expect(planned.reduce((total, some) => total + some, 0)).toBe(1);
  const causes = await database.query(
    workspace.id,
    `select kind, cause ->> 'kind' as cause from change where workspace_id = $1 and kind in ('ENTERED', 'LEFT') order by seq`,
    [workspace.id],
  );
  expect(causes).toEqual([
    { kind: 'ENTERED', cause: 'EVENT' },
    { kind: 'LEFT', cause: 'LINK' },
    { kind: 'ENTERED', cause: 'LINK' },
  ]);
  await line.close();
});
