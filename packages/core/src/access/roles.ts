/** What a key may do. A role is a ready-made set; a key may be given fewer, or others. */
export const scopes = [
  'customers:read',
  'events:read',
  'events:write',
  'segments:read',
  'segments:write',
  'consents:read',
  'consents:write',
  'links:write',
  'deliveries:read',
  'deliveries:write',
  'programs:read',
  'programs:write',
  'quarantine:read',
  'quarantine:write',
  'keys:write',
  'accounts:connect',
  'operate',
] as const;

export type Scope = (typeof scopes)[number];

export interface RoleGrant {
  readonly scopes: readonly Scope[];
  /** What this role uses data for unless its key says otherwise. */
  readonly purpose: string;
}

const reads = ['customers:read', 'events:read', 'segments:read', 'consents:read', 'deliveries:read', 'programs:read'] as const;

export const roles = {
  'front-end': { scopes: ['customers:read', 'events:read', 'segments:read', 'consents:read', 'accounts:connect'], purpose: 'service' },
  source: { scopes: ['events:write'], purpose: 'service' },
  bi: { scopes: ['customers:read', 'events:read', 'segments:read', 'deliveries:read'], purpose: 'analytics' },
  marketer: { scopes: [...reads, 'segments:write', 'programs:write', 'deliveries:write'], purpose: 'marketing' },
  privacy: { scopes: [...reads, 'consents:write', 'links:write'], purpose: 'service' },
  operator: { scopes, purpose: 'service' },
} as const satisfies Record<string, RoleGrant>;

export type Role = keyof typeof roles;

export const isRole = (name: string): name is Role => Object.hasOwn(roles, name);

export const isScope = (name: string): name is Scope => (scopes as readonly string[]).includes(name);
