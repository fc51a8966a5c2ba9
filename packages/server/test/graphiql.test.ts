import { buildApiSchema } from '@enishi/api';
import { GraphQLInputObjectType, getNamedType, isNonNullType, parse, typeFromAST, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { tabs } from '../src/graphiql/tabs.ts';
import { createWorld } from './world.ts';

const schema = buildApiSchema();
const nameOf = (query: string): string => /(?:query|mutation|subscription) (\w+)/.exec(query)?.[1] ?? '';

describe('the prepared tabs', () => {
  it('are one for each audience', () => {
    expect(tabs.map(({ query }) => nameOf(query))).toEqual(['FrontEnd', 'Partner', 'Bi', 'Marketer', 'Privacy', 'Operator']);
  });

  it.each(tabs.map((tab) => [nameOf(tab.query), tab] as const))('%s asks for what there is, with every variable it needs', (_, tab) => {
    const document = parse(tab.query);
    expect(validate(schema, document)).toEqual([]);
    const variables = JSON.parse(tab.variables ?? '{}') as Record<string, unknown>;
    for (const definition of document.definitions) {
      if (definition.kind !== 'OperationDefinition') continue;
      for (const { variable, type } of definition.variableDefinitions ?? []) {
        const input = typeFromAST(schema, type);
        if (isNonNullType(input)) expect(variables).toHaveProperty(variable.name.value);
        if (input && getNamedType(input) instanceof GraphQLInputObjectType) expect(variables[variable.name.value]).toBeTypeOf('object');
      }
    }
  });

  it('answer a real server', async () => {
    await using world = await createWorld();
    const key = await world.key('operator');
    const ask = async (tab: (typeof tabs)[number], operationName: string, more: object = {}) => {
      const variables = { ...JSON.parse(tab.variables ?? '{}'), ...more };
      const answer = await world.http
        .post('/graphql')
        .set('authorization', `Bearer ${key}`)
        .send({ query: tab.query, operationName, variables });
      expect(answer.body.errors).toBeUndefined();
      return answer.body.data;
    };
    const [frontEnd, partner, bi, marketer, privacy, operator] = tabs;
    if (!frontEnd || !partner || !bi || !marketer || !privacy || !operator) throw new Error('a tab is missing');
    expect((await ask(partner, 'Partner')).ingestEvents).toMatchObject([{ status: 'ACCEPTED' }]);
    expect((await ask(partner, 'Partner')).ingestEvents).toMatchObject([{ status: 'DUPLICATE' }]);
    await ask(partner, 'Catalogue');
    await ask(partner, 'WhoAmI');
    const [customer] = (await ask(frontEnd, 'SomeCustomers')).customers.nodes;
    expect((await ask(frontEnd, 'FrontEnd', { id: customer.id })).customer.events.nodes).toHaveLength(1);
    expect((await ask(marketer, 'Marketer')).previewSegment.count).toBe(1);
    expect((await ask(marketer, 'Keep')).saveSegment).toMatchObject({ key: 'active-90-days', size: 1 });
    expect((await ask(marketer, 'Why', { segment: 'active-90-days', customer: customer.id })).explainMembership.member).toBe(true);
    expect((await ask(bi, 'Bi')).segments).toMatchObject([{ key: 'active-90-days', size: 1 }]);
    expect((await ask(bi, 'Members', { segment: 'active-90-days' })).segment.members.edges).toHaveLength(1);
    await ask(bi, 'Sent');
    expect((await ask(privacy, 'Withdraw')).recordConsents).toMatchObject([{ status: 'ACCEPTED' }]);
    const known = (await ask(privacy, 'Privacy')).customerBy;
    expect(known.consents).toMatchObject([{ purpose: 'marketing', channel: 'email', state: 'WITHDRAWN' }]);
    expect((await ask(privacy, 'Untie', { link: known.links[0].id })).revokeLink.customers).toHaveLength(2);
    await ask(operator, 'Operator');
    await ask(operator, 'ReplayEvents');
    await ask(operator, 'ReplayDeliveries');
  });
});
