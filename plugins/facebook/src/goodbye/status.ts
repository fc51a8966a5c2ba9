import { type Command, command, type Desk, type Page, type RawRequest } from '@enishi/plugin-sdk';
import { z } from 'zod';

/** What is remembered of a request for deletion. Whose it is, is not: the code is on a page that anybody may open. */
export interface Deletion {
  readonly requestedAt: string;
  readonly completedAt?: string;
}

export const deletionKey = (code: string): string => `deletion:${code}`;

const shape = /^[0-9A-F]{24}$/;

const find = async (desk: Desk, code: string): Promise<Deletion | undefined> =>
  shape.test(code) ? desk.state.get<Deletion>(deletionKey(code)) : undefined;

const shell = (status: number, lines: readonly string[]): Page => ({
  status,
  contentType: 'text/html; charset=utf-8',
  body: `<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>データ削除の状況 / Data deletion</title>
<style>body{font-family:system-ui,sans-serif;max-width:32em;margin:3em auto;padding:0 1em;line-height:1.7}</style>
</head>
<body>
${lines.join('\n')}
</body>
</html>
`,
});

/** Shows how far a request for deletion is: `?id=CODE`. */
export async function statusPage({ query }: RawRequest, desk: Desk): Promise<Page> {
  const code = (query.id ?? '').trim().toUpperCase();
  const deletion = await find(desk, code);
  if (deletion === undefined)
    return shell(404, [
      '<h1>この受付番号は見つかりません</h1>',
      '<p>番号が正しいか、もう一度ご確認ください。</p>',
      '<p lang="en">There is no request with this code. Please check it.</p>',
    ]);
  const { requestedAt, completedAt } = deletion;
  const day = (instant: string): string => `<time datetime="${instant}">${instant.slice(0, 10)}</time>`;
  const state =
    completedAt === undefined
      ? ['<h1>削除の手続き中です</h1>', '<p>Facebookからのデータの取得は停止しました。これまでのデータを削除しています。</p>']
      : ['<h1>削除が完了しました</h1>', `<p>${day(completedAt)} に削除しました。</p>`];
  const english =
    completedAt === undefined
      ? 'We take no more data from Facebook. The data we had is being deleted.'
      : `The data was deleted on ${day(completedAt)}.`;
  return shell(200, [
    ...state,
    `<p>受付番号 / Code: ${code}<br>受付日 / Requested: ${day(requestedAt)}</p>`,
    `<p lang="en">${english}</p>`,
  ]);
}

/** For the operator who has deleted what was asked for. */
export const completeDeletion: Command = command({
  description: 'Says on the status page that a requested deletion is done.',
  options: z.object({ code: z.string().describe('The confirmation code of the request.') }),
  run: async ({ code }, desk, print) => {
    const deletion = await find(desk, code);
    if (deletion === undefined) throw new Error(`There is no request for deletion with the code ${code.slice(0, 40)}.`);
    const completed: Deletion = { ...deletion, completedAt: deletion.completedAt ?? desk.now().toISOString() };
    await desk.state.set(deletionKey(code), completed);
    print(`The status page of ${code} says since ${completed.completedAt} that the deletion is done.`);
  },
});
