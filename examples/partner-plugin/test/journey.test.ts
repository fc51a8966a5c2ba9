import { callHooks, createTestEnishi, fakeVendor, rawRequest, signHmac } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { table } from '../src/index.ts';

const sign = signHmac({ header: 'x-table-signature', secret: 'webhook-secret-1', encoding: 'base64' });

const saveSegment = `mutation ($rule: JSON!) {
  saveSegment(input: { key: "regulars", name: "Regulars", rule: $rule }) { __typename }
}`;
const saveProgram = `mutation ($message: JSON!) {
  saveProgram(input: { key: "invite", name: "Invite", segment: "regulars", trigger: ENTERED, destination: "table.invitation", message: $message }) {
    __typename
  }
}`;

it('invites a guest on the third visit', async () => {
  await using vendor = await fakeVendor();
  vendor.on('PUT /invitations/:id', { status: 201 });
  vendor.on('GET /visits', { json: { visits: [], next: null } });
  const plugin = table({ webhookSecret: 'webhook-secret-1', token: 'api-token-0001', url: vendor.url });
  await using enishi = await createTestEnishi({ plugins: [plugin] });
  await enishi.graphql('operator', saveSegment, { rule: { event: 'table.guest_seated', count: { atLeast: 3 } } });
  await enishi.graphql('operator', saveProgram, { message: { text: 'A table by the window?' } });
  const consents = [{ purpose: 'marketing', channel: 'email', state: 'GIVEN' }];
  await enishi.line.accept(enishi.workspace, 'api', [
    { type: 'enishi.consent_recorded', identifiers: { email: 'hanako@shop.example' }, consents },
  ]);

  const visits = ['v-1', 'v-2', 'v-3'].map((id) => ({
    id,
    member: 'M-7',
    email: 'hanako@shop.example',
    at: '2026-01-05T19:00:00+09:00',
    seats: 2,
  }));
  const calls = visits.map((visit) => sign(rawRequest({ json: { visits: [visit] } })));
  await callHooks(`${enishi.address}/hooks/table/visits`, calls.slice(0, 2), 'duplicate');
  await enishi.settle();
  expect(vendor.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
  await callHooks(`${enishi.address}/hooks/table/visits`, calls, 'reorder');
  await enishi.settle();
  const invitations = vendor.requests.filter(({ method }) => method === 'PUT');
  expect(invitations.map((request) => request.json())).toEqual([{ to: 'hanako@shop.example', text: 'A table by the window?', seats: 2 }]);
});
