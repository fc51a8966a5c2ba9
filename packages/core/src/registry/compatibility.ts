import { type Plugin, sdkVersion } from '@enishi/plugin-sdk';

const shape = /^(\d+)\.(\d+)\.\d+(?:[-+].*)?$/;

/**
 * Why this host cannot run a plugin made with another version of the contract, or `undefined` where it can: the major version
 * must be the same, and the plugin must not rely on a newer minor one.
 */
export function incompatibility({ name, sdk }: Pick<Plugin, 'name' | 'sdk'>, offered: string = sdkVersion): string | undefined {
  const [, major, minor] = shape.exec(sdk ?? '') ?? [];
  const [, ownMajor, ownMinor] = shape.exec(offered) ?? [];
  const made = `Plugin "${name}" was made with plugin SDK ${sdk}, and this Enishi offers ${offered}`;
  if (major === undefined || minor === undefined)
    return `Plugin "${name}" does not say which plugin SDK it was made with; build it with a current one.`;
  if (Number(major) < Number(ownMajor)) return `${made}: take a newer version of the plugin.`;
  if (Number(major) > Number(ownMajor) || Number(minor) > Number(ownMinor))
    return `${made}: upgrade Enishi, or take an older version of the plugin.`;
  return undefined;
}
