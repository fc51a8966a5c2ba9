import type { Rule } from '@enishi/plugin-sdk';
import { defineEntity, p } from '@mikro-orm/core';

export const Segment = defineEntity({
  name: 'Segment',
  tableName: 'segment',
  properties: {
    workspaceId: p.integer().primary(),
    id: p.integer().primary(),
    key: p.string(),
    name: p.string(),
    description: p.string(),
    rule: p.json<Rule>(),
    version: p.integer(),
    status: p.enum(['BUILDING', 'LIVE', 'ARCHIVED'] as const),
    size: p.integer(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});
