import { type Plugin, PluginConfigError } from '@enishi/plugin-sdk';
import { expect, it } from 'vitest';
import { inScene, type Scene, type Subject } from './scene.ts';

interface Setting {
  readonly path: readonly string[];
  readonly required: boolean;
  readonly secret: boolean;
}

export function testSettings(subject: Subject): void {
  it('names a missing setting, and tells no secret in doing so', () =>
    inScene(subject, (scene) => {
      for (const { path, required } of settingsOf(scene.plugin)) if (required) expectRefused(subject, scene, { path, value: undefined });
    }));

  it('names a secret that is empty or no text, and tells no other in doing so', () =>
    inScene(subject, (scene) => {
      for (const { path, secret } of settingsOf(scene.plugin)) {
        if (!secret) continue;
        expectRefused(subject, scene, { path, value: '' });
        expectRefused(subject, scene, { path, value: 12345678 });
      }
    }));

  it('knows its secrets, and they are long enough to be told from chance', () =>
    inScene(subject, ({ plugin }) => {
      expect(plugin.secrets.filter((secret) => secret.length < 8)).toEqual([]);
      const secrets = settingsOf(plugin).filter(({ secret, required }) => secret && required);
      expect(plugin.secrets.length).toBeGreaterThanOrEqual(secrets.length);
    }));
}

function expectRefused({ plugin }: Subject, scene: Scene, { path, value }: { path: readonly string[]; value: unknown }): void {
  const place = path.join('.');
  try {
    plugin(changed(scene.examples.config, path, value));
  } catch (error) {
    scene.heard(error);
    expect(error, `${place} as ${JSON.stringify(value)}`).toBeInstanceOf(PluginConfigError);
    expect((error as Error).message).toContain(`"${scene.plugin.name}"`);
    expect((error as Error).message).toContain(path.at(-1));
    return;
  }
  expect.fail(`${place} as ${JSON.stringify(value)} is taken`);
}

/** A copy with one setting changed; one above it that is not there is left out as well. */
function changed(config: unknown, [key = '', ...rest]: readonly string[], value: unknown): unknown {
  const fields = { ...(config as Record<string, unknown>) };
  if (rest.length === 0) fields[key] = value;
  else fields[key] = changed(fields[key] ?? {}, rest, value);
  return fields;
}

interface Form {
  readonly properties?: Readonly<Record<string, Form & { readonly secret?: boolean }>>;
  readonly required?: readonly string[];
}

/** Settings by their path, those in nested ones included. */
const settingsOf = ({ form }: Plugin): Setting[] => within(form as Form, [], true);

const within = ({ properties = {}, required = [] }: Form, above: readonly string[], asked: boolean): Setting[] =>
  Object.entries(properties).flatMap(([key, inner]) => {
    const setting = { path: [...above, key], required: asked && required.includes(key), secret: inner.secret === true };
    return inner.properties ? within(inner, setting.path, setting.required) : [setting];
  });
