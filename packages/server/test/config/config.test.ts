import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConfigInput } from '../../src/config/config.ts';
import { resolveConfig } from '../../src/config/environment.ts';
import { loadConfig } from '../../src/config/load.ts';

const faultOf = (input: unknown, environment: Record<string, string> = {}): string => {
  try {
    resolveConfig(input as ConfigInput, environment);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('settings', () => {
  it('have a default for everything', () => {
    const config = resolveConfig({});
    expect(config.http.port).toBe(4000);
    expect(config.workspaces).toEqual([{ key: 'main', country: 'JP' }]);
    expect(config.limits).toMatchObject({ requestBytes: 4_194_304, eventBytes: 32_768, batchEvents: 2500 });
  });

  it('the environment is laid over the file', () => {
    const config = resolveConfig(
      { http: { port: 1, host: '127.0.0.1' }, database: { connections: 3 } },
      {
        PORT: '8080',
        DATABASE_URL: 'postgres://a:b@c/d',
        LOG_LEVEL: 'warn',
        TRUST_PROXY: 'true',
        CORS_ORIGINS: 'https://a.example, https://b.example',
      },
    );
    expect(config.http).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      trustProxy: true,
      cors: ['https://a.example', 'https://b.example'],
    });
    expect(config.database).toMatchObject({ url: 'postgres://a:b@c/d', connections: 3 });
    expect(config.log.level).toBe('warn');
  });

  it('an empty variable says nothing', () => {
    expect(resolveConfig({}, { PORT: '' }).http.port).toBe(4000);
  });

  it('may be resolved twice', () => {
    const config = resolveConfig({ http: { port: 5000 } });
    expect(resolveConfig(config)).toEqual(config);
  });

  it('every fault is named with its setting, and with the variable it came from', () => {
    const fault = faultOf({ workspaces: [{ key: 'Main Shop' }], limit: {}, http: { prt: 1 } }, { PORT: 'http', DATABASE_URL: 'mysql://x' });
    expect(fault).toContain('workspaces.0.key: write a key such as "main"');
    expect(fault).toContain('limit: there is no such setting');
    expect(fault).toContain('http.prt: there is no such setting');
    expect(fault).toContain('http.port (from PORT): ');
    expect(fault).toContain('database.url (from DATABASE_URL): write an address such as postgres://');
  });

  it('a plugin that was not called is noticed', () => {
    expect(faultOf({ plugins: [() => {}] })).toContain('plugins.0: call the plugin with its settings');
  });

  it('are read from enishi.config.ts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'enishi-config-'));
    try {
      const file = join(folder, 'enishi.config.ts');
      await writeFile(file, 'const port: number = 4711;\nexport default { http: { port } };\n');
      expect(await loadConfig(file, {})).toMatchObject({ file, config: { http: { port: 4711 } } });
      await expect(loadConfig(join(folder, 'other.ts'), {})).rejects.toThrow('There is no ');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
