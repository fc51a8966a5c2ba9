import { readdirSync, readFileSync } from 'node:fs';

/** CPU of a process and the processes below it, in microseconds; 0 where the system does not tell (only Linux does). */
export function cpuOfTree(name: string): number {
  let total = 0;
  try {
    for (const entry of readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      try {
        const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
        if (!stat.includes(`(${name})`)) continue;
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        total += (Number(fields[11]) + Number(fields[12])) * 10_000;
      } catch {
        // The process ended while it was looked at.
      }
    }
  } catch {
    return 0;
  }
  return total;
}

interface Stat {
  readonly parent: number;
  readonly microseconds: number;
  /** Of its children that have ended. */
  readonly ended: number;
}

function statOf(pid: number | string): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      parent: Number(fields[1]),
      microseconds: (Number(fields[11]) + Number(fields[12])) * 10_000,
      ended: (Number(fields[13]) + Number(fields[14])) * 10_000,
    };
  } catch {
    return undefined;
  }
}

/** CPU of one process, in microseconds; 0 where the system does not tell. */
export const cpuOf = (pid: number): number => statOf(pid)?.microseconds ?? 0;

/** CPU of the processes a process has started, in microseconds: of a postmaster, its connections'. */
export function cpuBelow(pid: number): number {
  const above = statOf(pid);
  if (above === undefined) return 0;
  const stats = readdirSync('/proc').flatMap((entry) => (/^\d+$/.test(entry) ? (statOf(entry) ?? []) : []));
  return stats.reduce((sum, { parent, microseconds }) => sum + (parent === pid ? microseconds : 0), above.ended);
}

/** The process whose child answers this client. */
export async function postmasterOf(client: { query(text: string): Promise<{ rows: { pid: number }[] }> }): Promise<number> {
  const { rows } = await client.query('select pg_backend_pid() as pid');
  return statOf(rows[0]?.pid ?? 0)?.parent ?? 0;
}
