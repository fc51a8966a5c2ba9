import { type AccountLinkSource, type Departure, GiveUp } from '@enishi/plugin-sdk';
import { expect, it } from 'vitest';
import type { TestDesk } from '../desk.ts';
import { expectGoodDrafts, idsOf } from './drafts.ts';
import type { AccountLinkExample } from './examples.ts';
import { expectNothingLost } from './losses.ts';
import { inScene, type Scene, type Subject, thrownBy } from './scene.ts';

const state = 'b7c1e0b4f1d24a0d9d1f6c2c7e5a3f90';

export function testAccountLink(subject: Subject, name: string): void {
  it('sends the person to the vendor with what proves their return', () =>
    inScene(subject, async (scene) => {
      const { source, departure, prepared } = journeyOf(scene, name);
      const address = new URL(await source.depart(departure, await prepared()));
      expect(address.protocol).toMatch(/^https?:$/);
      expect(decodeURIComponent(address.href), 'the state is in the address').toContain(state);
      for (const secret of scene.plugin.secrets) expect(address.href.includes(secret), 'a secret in the address').toBe(false);
    }));

  it('ties the account to the person who comes back', () =>
    inScene(subject, async (scene) => {
      const { source, example, departure, prepared } = journeyOf(scene, name);
      const { drafts, backfill } = await source.arrive(example.returned(state), departure, await prepared());
      expectGoodDrafts(scene, drafts);
      const own = Object.entries(example.identifiers);
      const ties = drafts.filter(({ identifiers }) => {
        const given = Object.entries(identifiers).filter(([, value]) => value !== undefined);
        return (
          given.some(([key]) => !own.some(([known]) => known === key)) && own.some(([key, value]) => identifiers[key as 'user'] === value)
        );
      });
      expect(ties.length, "events with the account's identifier beside the person's own").toBeGreaterThan(0);
      if (backfill) expect(scene.parts.sources?.[backfill.source]?.kind).toBe('backfill');
    }));

  it('gives up where the person said no', () =>
    inScene(subject, async (scene) => {
      const { source, example, departure, prepared } = journeyOf(scene, name);
      if (example.refused === undefined) return;
      const { refused } = example;
      const desk = await prepared();
      expect(await thrownBy(scene, () => source.arrive(refused(state), departure, desk))).toBeInstanceOf(GiveUp);
    }));

  it('connects nothing by half when the vendor fails', () =>
    inScene(subject, async (scene) => {
      const { source, example, departure } = journeyOf(scene, name);
      await expectNothingLost(scene, async (desk) => {
        await example.prepare?.(desk);
        return idsOf((await source.arrive(example.returned(state), departure, desk)).drafts);
      });
    }));
}

interface Journey {
  readonly source: AccountLinkSource;
  readonly example: AccountLinkExample;
  readonly departure: Departure;
  readonly prepared: () => Promise<TestDesk>;
}

function journeyOf(scene: Scene, name: string): Journey {
  const source = scene.parts.sources?.[name];
  const example = scene.examples.accountLinks?.[name];
  if (source?.kind !== 'account-link' || example === undefined) return expect.fail(`there is no account link "${name}" with an example`);
  const returnUrl = `https://cdp.example/links/${scene.plugin.name}/${name}/return`;
  const prepared = async (): Promise<TestDesk> => {
    const desk = scene.desk();
    await example.prepare?.(desk);
    return desk;
  };
  return { source, example, departure: { identifiers: example.identifiers, state, returnUrl }, prepared };
}
