import type { Plugin } from '@enishi/plugin-sdk';
import { z } from 'zod';

const isPlugin = (value: unknown): value is Plugin =>
  typeof value === 'object' && value !== null && 'setup' in value && typeof value.setup === 'function' && 'name' in value;

const key = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'write a key such as "main": lower case letters, digits and hyphens');
const bytes = z.int().min(1024);
const origin = z.union([z.literal('*'), z.url()]);

const workspace = z.strictObject({
  key,
  name: z.string().min(1).max(200).optional(),
  /** Phone numbers without a country code are read as this country's. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'write a two-letter country such as "JP"')
    .default('JP'),
});

const database = z.strictObject({
  url: z.url({ protocol: /^postgres(ql)?$/, error: 'write an address such as postgres://user:password@host:5432/enishi' }).optional(),
  /** Owner of the tables, where the server itself must not be: used for migrations only. */
  ownerUrl: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  connections: z.int().min(3).max(500).default(10),
  migrate: z.boolean().default(true),
  /** Where the PostgreSQL that comes along keeps its data when no address is given. */
  folder: z.string().min(1).default('.enishi/postgres'),
});

const http = z.strictObject({
  host: z.string().default('0.0.0.0'),
  port: z.int().min(0).max(65_535).default(4000),
  /** How the world reaches this server; webhooks and unsubscribe links are made from it. Default: http://localhost:PORT. */
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Believe X-Forwarded-For and -Proto. Only behind a proxy of yours. */
  trustProxy: z.boolean().default(false),
  /** Websites whose browsers may call. `*`: every one. */
  cors: z.array(origin).default(['*']),
  graphiql: z.boolean().default(true),
});

const limits = z.strictObject({
  /** One request body, after inflation. */
  requestBytes: bytes.default(4 * 1024 * 1024),
  graphqlBytes: bytes.default(1024 * 1024),
  hookBytes: bytes.default(1024 * 1024),
  /** One event of the tracking API. */
  eventBytes: bytes.default(32 * 1024),
  batchEvents: z.int().min(1).default(2500),
  /** Events being stored at once; beyond it callers are asked to come back in a second. */
  eventsInFlight: z.int().min(1).default(50_000),
  /** How long a plugin may take over one webhook. */
  hookSeconds: z.number().positive().default(10),
  requestSeconds: z.number().positive().default(60),
});

const metrics = z.strictObject({
  enabled: z.boolean().default(true),
  /** Asked for as `Authorization: Bearer TOKEN`. Without one, only callers on this machine are answered. */
  token: z.string().min(16, 'use at least 16 characters').optional(),
});

const line = z.strictObject({ writers: z.int().min(1).max(64).optional(), batchSize: z.int().min(1).max(10_000).optional() });
const log = z.strictObject({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info') });

/** How much a plugin may use of the process before the log says so; nothing in one process can be held to it by force. */
const plugins = z.strictObject({
  /** Calls of one webhook source under way at once; beyond it its callers are asked to come back. */
  hookCalls: z.int().min(1).default(64),
  /** Calls worked on later, polls and backfills: how long a plugin may take over one call or one page. */
  workSeconds: z.number().positive().max(3600).default(60),
  /** Share of the largest heap beyond which a warning names the plugins at work. */
  heapShare: z.number().positive().max(1).default(0.8),
});
const shutdown = z.strictObject({
  /** How long `/readyz` says 503 before connections are refused, so that a load balancer notices first. */
  noticeSeconds: z.number().min(0).max(60).default(0),
  /** After this the process ends whatever is still open. */
  deadlineSeconds: z.number().positive().max(600).default(25),
});

export const configSchema = z.strictObject({
  plugins: z
    .array(z.custom<Plugin>(isPlugin, 'call the plugin with its settings: pos({ … })'))
    .default([])
    .describe('In the order of their declarations'),
  workspaces: z
    .array(workspace)
    .min(1)
    .default([{ key: 'main', country: 'JP' }]),
  /** What secrets that plugins keep are encrypted under. Better in ENISHI_SECRET_KEY; the embedded database brings one along. */
  secretKey: z.string().min(32, 'use at least 32 random characters, such as from: openssl rand -base64 32').optional(),
  database: database.prefault({}),
  http: http.prefault({}),
  limits: limits.prefault({}),
  pluginLimits: plugins.prefault({}),
  metrics: metrics.prefault({}),
  line: line.prefault({}),
  log: log.prefault({}),
  shutdown: shutdown.prefault({}),
});

/** What `enishi.config.ts` may say. Everything has a default. */
export type ConfigInput = z.input<typeof configSchema>;
export type Config = z.output<typeof configSchema>;

/** Settings are wrong; the message names each one and what it wants. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Types the settings of an installation:
 *
 *     // enishi.config.ts
 *     export default defineConfig({ plugins: [pos({ … })], workspaces: [{ key: 'main' }] });
 */
export const defineConfig = (config: ConfigInput): ConfigInput => config;
