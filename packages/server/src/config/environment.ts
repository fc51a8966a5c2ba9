import type { z } from 'zod';
import { type Config, ConfigError, type ConfigInput, configSchema } from './config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What is no number is handed on as it is, for the schema to name. */
const number = (text: string): unknown => (Number.isFinite(Number(text)) ? Number(text) : text);

/** Which setting an environment variable replaces. */
const variables: Readonly<
  Record<string, { at: readonly [room: string, setting: string] | readonly [setting: string]; read: (text: string) => unknown }>
> = {
  ENISHI_SECRET_KEY: { at: ['secretKey'], read: String },
  DATABASE_URL: { at: ['database', 'url'], read: String },
  DATABASE_OWNER_URL: { at: ['database', 'ownerUrl'], read: String },
  DATABASE_CONNECTIONS: { at: ['database', 'connections'], read: number },
  HOST: { at: ['http', 'host'], read: String },
  PORT: { at: ['http', 'port'], read: number },
  PUBLIC_URL: { at: ['http', 'publicUrl'], read: String },
  TRUST_PROXY: { at: ['http', 'trustProxy'], read: (text) => ({ true: true, '1': true, false: false, '0': false })[text] ?? text },
  CORS_ORIGINS: { at: ['http', 'cors'], read: (text) => text.split(',').map((origin) => origin.trim()) },
  METRICS_TOKEN: { at: ['metrics', 'token'], read: String },
  LOG_LEVEL: { at: ['log', 'level'], read: String },
  SHUTDOWN_SECONDS: { at: ['shutdown', 'deadlineSeconds'], read: number },
};

export const environmentVariables: readonly string[] = Object.keys(variables);

/** Settings of the file with the environment laid over them, checked. Throws `ConfigError` naming every fault at once. */
export function resolveConfig(input: ConfigInput, environment: Environment = {}): Config {
  const merged: Record<string, unknown> = { ...input };
  const spelled = new Map<string, string>();
  for (const [name, { at, read }] of Object.entries(variables)) {
    const text = environment[name];
    if (text === undefined || text === '') continue;
    const [room, setting] = at;
    merged[room] = setting === undefined ? read(text) : { ...(merged[room] as object | undefined), [setting]: read(text) };
    spelled.set(at.join('.'), name);
  }
  const result = configSchema.safeParse(merged);
  if (result.success) return result.data;
  throw new ConfigError(['The settings are wrong:', ...result.error.issues.flatMap((issue) => sentences(issue, spelled))].join('\n'));
}

function sentences(issue: z.core.$ZodIssue, spelled: ReadonlyMap<string, string>): string[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((unknown) => `  ${[...path, unknown].join('.')}: there is no such setting`);
  const name = path.join('.');
  const variable = spelled.get(path.slice(0, 2).join('.'));
  return [`  ${name || 'enishi.config.ts'}${variable === undefined ? '' : ` (from ${variable})`}: ${issue.message}`];
}
