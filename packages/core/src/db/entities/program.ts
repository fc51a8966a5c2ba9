import { defineEntity, p } from '@mikro-orm/core';

export const Program = defineEntity({
  name: 'Program',
  tableName: 'program',
  properties: {
    workspaceId: p.integer().primary(),
    id: p.integer().primary(),
    key: p.string(),
    name: p.string(),
    segmentId: p.integer(),
    trigger: p.enum(['ENTERED', 'LEFT', 'BOTH'] as const),
    destinationId: p.integer(),
    message: p.json<unknown>(),
    version: p.integer(),
    active: p.boolean(),
    holdout: p.integer(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});
