import { AskRefused, askJson, type Desk } from '@enishi/plugin-sdk';
import { z } from 'zod';
import type { EccubeSettings } from './settings.ts';
import { accessToken, dropToken } from './token.ts';

interface Asked {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Asks the shop's GraphQL. Its errors come with 200: without `data` nothing counts as an answer. A token that ended early is replaced once. */
export async function askShop(desk: Desk, settings: EccubeSettings, asked: Asked): Promise<Record<string, unknown>> {
  const token = await accessToken(desk, settings);
  try {
    return await ask(desk, { settings, token, asked });
  } catch (error) {
    if (!(error instanceof AskRefused && error.status === 401)) throw error;
    await dropToken(desk, settings, token);
    return ask(desk, { settings, token: await accessToken(desk, settings), asked });
  }
}

const answer = z.looseObject({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.looseObject({ message: z.string() })).optional(),
});

async function ask(desk: Desk, { settings, token, asked }: { settings: EccubeSettings; token: string; asked: Asked }) {
  const { data, errors } = await askJson(desk, {
    partner: 'EC-CUBE',
    url: `${settings.url}/api`,
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(asked),
    answer,
  });
  if (data && !errors?.length) return data;
  throw new Error(`EC-CUBE answered with an error: ${errors?.map(({ message }) => message).join('; ') ?? 'no data'}`.slice(0, 500));
}
