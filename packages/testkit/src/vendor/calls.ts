import type { RawRequest } from '@enishi/plugin-sdk';

/** How a vendor's calls arrive: each once and in order, each twice, or the last one first. */
export type Arrival = 'in-order' | 'duplicate' | 'reorder';

/**
 * Calls a running Enishi as the vendor does, one after the other: `callHooks(`${enishi.address}/hooks/table/visits`, calls)`.
 * The path of a request is left out, its query kept. Answers come in the order of the calls.
 */
export async function callHooks(address: string, calls: readonly RawRequest[], arrival: Arrival = 'in-order'): Promise<Response[]> {
  const order = { 'in-order': calls, duplicate: calls.flatMap((call) => [call, call]), reorder: calls.toReversed() }[arrival];
  const answers: Response[] = [];
  for (const { method, query, headers, body } of order) {
    const url = new URL(address);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    const given = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined);
    answers.push(await fetch(url, { method, headers: given, ...(method === 'GET' ? {} : { body: Buffer.from(body) }) }));
  }
  return answers;
}
