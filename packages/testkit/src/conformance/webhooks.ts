import { GiveUp, type RawRequest, type WebhookSource } from '@enishi/plugin-sdk';
import { expect, it } from 'vitest';
import { type Taken, takeCall } from '../taking.ts';
import { expectGoodDrafts, idsOf } from './drafts.ts';
import type { WebhookExample } from './examples.ts';
import { damagedProofs, oddBodies, otherBodies } from './forgeries.ts';
import { expectNothingLost } from './losses.ts';
import { inScene, type Scene, type Subject } from './scene.ts';

interface Hook {
  readonly source: WebhookSource;
  readonly example: WebhookExample;
  readonly take: (request: RawRequest) => Promise<Taken>;
}

export function testWebhook(subject: Subject, name: string): void {
  it('takes what the vendor sends and makes good events of it', () =>
    inScene(subject, async (scene) => {
      const { example, take } = hookOf(scene, name);
      for (const [call, request] of Object.entries(example.calls)) {
        const taken = await take(example.sign(request));
        if (taken.status !== 'taken') return expect.fail(`the call "${call}" is ${taken.status} ${'why' in taken ? taken.why : ''}`);
        expectGoodDrafts(scene, taken.drafts);
        if (!example.silent?.includes(call)) expect(taken.drafts.length, `events of the call "${call}"`).toBeGreaterThan(0);
      }
    }));

  it('gives the same ids when calls come again and in another order', () =>
    inScene(subject, async (scene) => {
      const { example, take } = hookOf(scene, name);
      const signed = Object.values(example.calls).map((request) => example.sign(request));
      const once = await sequence(signed, take);
      const again = await sequence(signed.toReversed(), take);
      expect(again.toReversed()).toEqual(once);
    }));

  it('refuses what is not proven', () =>
    inScene(subject, async (scene) => {
      const { example, take } = hookOf(scene, name);
      for (const [call, request] of Object.entries(example.calls)) {
        const signed = example.sign(request);
        const forgeries = [...damagedProofs(request, signed), ...(example.covers === 'nothing' ? [] : otherBodies(signed))];
        for (const { how, request: forged } of forgeries) expect(await take(forged), `"${call}" ${how}`).toEqual({ status: 'unproven' });
      }
    }));

  it('breaks over no body, proven or not', () =>
    inScene(subject, async (scene) => {
      const { example, take } = hookOf(scene, name);
      for (const [call, request] of Object.entries(example.calls)) {
        const signed = example.sign(request);
        const odd = [...oddBodies(request, example.sign), ...(example.covers === 'nothing' ? otherBodies(signed) : [])];
        for (const { how, request: wrong } of odd) {
          const taken = await take(wrong).catch((error: unknown) => excused(scene, error, `"${call}" ${how}`));
          if (taken?.status === 'taken') expectGoodDrafts(scene, taken.drafts);
        }
      }
    }));

  it('loses nothing when the vendor it asks fails', () =>
    inScene(subject, async (scene) => {
      const { example, source } = hookOf(scene, name);
      for (const request of Object.values(example.calls)) {
        const signed = example.sign(request);
        await expectNothingLost(scene, async (desk) => {
          await example.prepare?.(desk);
          const taken = await takeCall(source, signed, desk);
          return taken.status === 'taken' ? idsOf(taken.drafts) : [taken.status];
        });
      }
    }));

  it('shows a page to whoever looks, and changes nothing by it', () =>
    inScene(subject, async (scene) => {
      const { source, example } = hookOf(scene, name);
      const desk = scene.desk();
      await example.prepare?.(desk);
      const before = desk.kept();
      for (const request of Object.values(example.calls)) {
        const page = await source.page?.({ ...request, method: 'GET', body: Buffer.alloc(0) }, desk);
        if (page)
          expect(page).toMatchObject({ status: expect.any(Number), contentType: expect.stringContaining('/'), body: expect.any(String) });
      }
      expect(desk.kept()).toEqual(before);
    }));
}

function hookOf(scene: Scene, name: string): Hook {
  const source = scene.parts.sources?.[name];
  const example = scene.examples.webhooks?.[name];
  if (source?.kind !== 'webhook' || example === undefined) return expect.fail(`there is no webhook "${name}" with an example`);
  const take = async (request: RawRequest): Promise<Taken> => {
    const desk = scene.desk();
    await example.prepare?.(desk);
    return takeCall(source, request, desk);
  };
  return { source, example, take };
}

async function sequence(requests: readonly RawRequest[], take: Hook['take']): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const request of requests) {
    const taken = await take(request);
    results.push(taken.status === 'taken' ? { ids: idsOf(taken.drafts), callId: taken.callId } : taken);
  }
  return results;
}

/** `GiveUp` says why in words; an error of the language says that nobody thought of this. */
function excused(scene: Scene, error: unknown, where: string): undefined {
  scene.heard(error);
  const clumsy = [TypeError, ReferenceError, SyntaxError, RangeError].some((kind) => error instanceof kind);
  if (clumsy || !(error instanceof Error))
    expect.fail(`${where}: ${String(error)}; refuse it by the body's schema, or throw ${GiveUp.name}`);
  return undefined;
}
