import { expect, it } from 'vitest';
import { openStage } from '../src/stage.ts';
import { sceneOf } from '../src/tour/scene.ts';
import { sevenSystems } from '../src/tour/seven-systems.ts';
import { makeWorld } from '../src/world/world.ts';

it('runs one person through all seven systems, and lets her take everything back', async () => {
  const world = makeWorld({ people: 20, today: new Date() });
  const stage = await openStage({ world, port: 0, folder: undefined, signal: new AbortController().signal, print: () => {} });
  try {
    for (const { title, look } of sevenSystems(sceneOf(stage))) expect(await look(), title).toMatchObject({ ok: true });
  } finally {
    await stage.close();
  }
}, 120_000);
