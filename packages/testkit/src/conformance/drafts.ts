import type { ConsentDecision, Draft } from '@enishi/plugin-sdk';
import { expect } from 'vitest';
import type { Scene } from './scene.ts';

const builtinNamespaces = ['member', 'user', 'email', 'phone', 'anonymous'];
const builtinPurposes = ['service', 'analytics', 'marketing', 'advertising', 'personalisation'];
const dayMs = 86_400_000;

/** Fails with every reason why the host would quarantine one of these, or could not tell a retry of it from a new event. */
export function expectGoodDrafts(scene: Scene, drafts: readonly Draft[]): void {
  expect(drafts.flatMap((draft) => faultsOf(scene, draft).map((fault) => `${draft.type} ${draft.id ?? '(no id)'}: ${fault}`))).toEqual([]);
  expect(idsOf(drafts), 'the same id twice: the second would be lost as a duplicate').toEqual([...new Set(idsOf(drafts))]);
}

export const idsOf = (drafts: readonly Draft[]): string[] => drafts.map(({ id = '' }) => id);

function faultsOf(scene: Scene, draft: Draft): string[] {
  return [...idFaults(draft), ...timeFaults(draft), ...propertyFaults(scene, draft), ...identifierFaults(scene, draft)].concat(
    traitFaults(scene, draft),
    (draft.consents ?? []).flatMap((consent) => consentFaults(scene, consent)),
  );
}

const idFaults = ({ id }: Draft): string[] =>
  typeof id === 'string' && id.length > 0 && id.length <= 200
    ? []
    : ["no id of the vendor's of 1 to 200 characters: a retry would count twice"];

function timeFaults({ at }: Draft): string[] {
  const time = at instanceof Date ? at.getTime() : Number.NaN;
  return time >= 0 && time <= Date.now() + dayMs ? [] : [`at is ${String(at)}, not a time between 1970 and tomorrow`];
}

function propertyFaults({ plugin, examples }: Scene, draft: Draft): string[] {
  if (draft.type.startsWith('enishi.')) return [];
  const type = [plugin, ...(examples.uses ?? [])].flatMap(({ events }) => events).find(({ eventName }) => eventName === draft.type);
  if (type === undefined) return [`no event "${draft.type}" is declared`];
  const read = type.schema.safeParse(JSON.parse(JSON.stringify(draft.properties)));
  return read.success ? [] : read.error.issues.map(({ path, message }) => `properties.${path.join('.')}: ${message}`);
}

function identifierFaults({ plugin, examples }: Scene, { identifiers }: Draft): string[] {
  const declared = [plugin, ...(examples.uses ?? [])].flatMap(({ namespaces }) => namespaces.map(({ name }) => name));
  const known = [...builtinNamespaces, ...declared];
  const given = Object.entries(identifiers).filter(([, value]) => value !== undefined);
  const foreign = given.filter(([name]) => !known.includes(name)).map(([name]) => `no namespace "${name}" is declared`);
  return given.some(([, value]) => String(value).trim() !== '') ? foreign : [...foreign, 'no identifier: it is about nobody'];
}

function traitFaults({ plugin, examples }: Scene, { traits = [] }: Draft): string[] {
  const declared = [plugin, ...(examples.uses ?? [])].flatMap((each) => each.traits);
  return traits.flatMap(({ trait, value }) => {
    const found = declared.find(({ traitName }) => traitName === trait);
    if (found === undefined) return [`no trait "${trait}" is declared`];
    return found.schema.safeParse(value).success ? [] : [`trait ${trait} does not take ${JSON.stringify(value)}`];
  });
}

function consentFaults({ plugin, examples }: Scene, { purpose, channel, scope = '*', state }: ConsentDecision): string[] {
  const all = [plugin, ...(examples.uses ?? [])];
  const purposes = [...builtinPurposes, ...all.flatMap((each) => each.purposes.map(({ name }) => name))];
  const scopes = ['*', ...all.flatMap((each) => each.scopes.map(({ name }) => name))];
  return [
    ...(purposes.includes(purpose) ? [] : [`consent names the purpose "${purpose}", which is not declared`]),
    ...(scopes.includes(scope) ? [] : [`consent names the scope "${scope}", which is not declared`]),
    ...(channel === '' ? ['consent names no channel'] : []),
    ...(['GIVEN', 'REFUSED', 'WITHDRAWN'].includes(state) ? [] : [`consent is "${state}"`]),
  ];
}
