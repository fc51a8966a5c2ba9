export * from './events/index.ts';
export { facebookUser, leadId, pageUser } from './identity.ts';
export { permissions, scopes } from './permissions.ts';
export { facebook } from './plugin.ts';
export { deletionWanted, freshLeads } from './segments.ts';
export * from './traits.ts';
export { signatureHeader } from './updates/webhook.ts';
