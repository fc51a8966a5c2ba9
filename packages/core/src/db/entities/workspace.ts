import { defineEntity, p } from '@mikro-orm/core';

export const Workspace = defineEntity({
  name: 'Workspace',
  tableName: 'workspace',
  properties: {
    id: p.integer().primary(),
    key: p.string(),
    name: p.string(),
    country: p.string(),
    salt: p.blob(),
    createdAt: p.datetime().onCreate(() => new Date()),
  },
});
