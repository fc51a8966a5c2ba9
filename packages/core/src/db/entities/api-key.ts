import { defineEntity, p } from '@mikro-orm/core';

export const ApiKey = defineEntity({
  name: 'ApiKey',
  tableName: 'api_key',
  properties: {
    workspaceId: p.integer().primary(),
    id: p.uuid().primary(),
    name: p.string(),
    role: p.string(),
    scopes: p.array(),
    purpose: p.string(),
    hash: p.blob(),
    prefix: p.string(),
    sourceId: p.integer().nullable(),
    createdAt: p.datetime(),
    expiresAt: p.datetime().nullable(),
    revokedAt: p.datetime().nullable(),
  },
});
