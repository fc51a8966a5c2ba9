import { Registry, RegistryError } from '@enishi/core';
import { computedTrait, definePlugin, event, namespace, type PluginSpec, purpose, scope, sdkVersion, trait } from '@enishi/plugin-sdk';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { incompatibility } from '../../src/registry/compatibility.ts';
import { iconFault } from '../../src/registry/icon.ts';

const config = z.object({});
const plugin = (rest: Partial<PluginSpec<typeof config>>) => definePlugin({ name: 'shop', description: 'A shop.', config, ...rest })({});
const faultOf = (...plugins: ReturnType<typeof plugin>[]): string => {
  try {
    new Registry(plugins);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(RegistryError);
    return (error as Error).message;
  }
};

describe('the version of the contract', () => {
  it.each([
    ['0.2.0', '0.2.0'],
    ['0.2.7', '0.2.0'],
    ['0.1.0', '0.2.0'],
    ['1.4.0', '1.9.2'],
  ])('a plugin made with %s runs on %s', (sdk, offered) => {
    expect(incompatibility({ name: 'shop', sdk }, offered)).toBeUndefined();
  });

  it.each([
    ['0.3.0', '0.2.0', 'upgrade Enishi'],
    ['1.0.0', '0.2.0', 'upgrade Enishi'],
    ['0.2.0', '1.0.0', 'a newer version of the plugin'],
    ['latest', '0.2.0', 'does not say'],
  ])('one made with %s does not run on %s', (sdk, offered, advice) => {
    expect(incompatibility({ name: 'shop', sdk }, offered)).toContain(advice);
  });

  it('is checked when a plugin is loaded, and the refusal names all three', () => {
    expect(faultOf(plugin({ sdk: '9.0.0' }))).toBe(
      `Plugin "shop" was made with plugin SDK 9.0.0, and this Enishi offers ${sdkVersion}: upgrade Enishi, or take an older version of the plugin.`,
    );
  });
});

describe('names', () => {
  const sold = event('till.sold', z.object({}), { description: 'Sold.' });
  const friends = scope('shop.friends', { description: 'Friends.' });

  it('of scopes and purposes are found', () => {
    const research = purpose('shop.research', { description: 'Research.' });
    const registry = new Registry([plugin({ scopes: [friends], purposes: [research] })]);
    expect(registry.scopes.get('shop.friends')).toBe(friends);
    expect(registry.purposes.get('shop.research')).toBe(research);
  });

  it.each([
    ['an event', { events: [event('till.sold', z.object({}), { description: 'Sold.' })] }],
    ['a namespace', { namespaces: [namespace('till.card', { description: 'Card.' })] }],
    ['a scope', { scopes: [scope('till.friends', { description: 'Friends.' })] }],
    ['a purpose', { purposes: [purpose('till.research', { description: 'Research.' })] }],
    ['a computed trait', { computedTraits: [computedTrait('till.sales', { event: sold, count: true }, { description: 'Sales.' })] }],
  ])('%s under the name of another plugin is refused', (_, rest) => {
    expect(faultOf(plugin(rest))).toContain('its names must start with "shop."');
  });

  it('each is declared once', () => {
    expect(faultOf(plugin({ scopes: [friends, friends] }))).toBe('Two plugins declare the data scope "shop.friends".');
    expect(faultOf(plugin({}), plugin({}))).toBe('Two plugins declare the plugin "shop".');
  });

  it('of a computed trait belongs to it alone', () => {
    const sales = computedTrait('shop.sales', { event: sold, count: true }, { description: 'Sales.' });
    const seen = trait('shop.sales', z.number(), { description: 'Sales.' });
    expect(faultOf(plugin({ traits: [seen], computedTraits: [sales] }))).toBe('Two plugins declare the trait "shop.sales".');
  });

  it('of the event behind a computed trait must be known, from whichever plugin it comes', () => {
    const sales = computedTrait('shop.sales', { event: sold, count: true }, { description: 'Sales.' });
    const till = definePlugin({ name: 'till', description: 'A till.', config, events: [sold] })({});
    expect(faultOf(plugin({ computedTraits: [sales] }), till)).toBe('');
    expect(faultOf(plugin({ computedTraits: [sales] }))).toBe(
      'Plugin "shop" computes "shop.sales" from the event type "till.sold", which no configured plugin declares.',
    );
  });

  it('data under a scope that was not declared is refused: nobody could permit it', () => {
    expect(faultOf(plugin({ traits: [trait('shop.friendCount', z.int(), { description: 'How many.', scope: friends })] }))).toContain(
      '"shop.friends"',
    );
  });

  it('of the plugin itself are lower case', () => {
    expect(faultOf(plugin({ name: 'My Shop' }))).toContain('"My Shop" is no name');
  });
});

describe('an icon', () => {
  const svg = (inner: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">${inner}</svg>`;

  it.each([
    svg('<path d="M0 0h8v8z" fill="#0a0"/>'),
    `<?xml version="1.0"?>\n${svg('<defs><linearGradient id="g"/></defs><use href="#g"/><rect fill="url(#g)"/>')}`,
  ])('may be drawn', (icon) => {
    expect(iconFault(icon)).toBeUndefined();
    expect(faultOf(plugin({ icon }))).toBe('');
  });

  it.each([
    svg('<script>alert(1)</script>'),
    svg('<SCRIPT/>'),
    svg('<g onclick="alert(1)"/>'),
    svg('<g/onload=alert(1)>'),
    svg('<a href="https://evil.example"><path/></a>'),
    svg('<use href="https://evil.example/#x"/>'),
    svg('<use xlink:href="data:image/svg+xml,x"/>'),
    svg('<image href="#x"/>'),
    svg('<rect fill="url(https://evil.example/x)"/>'),
    svg('<style>@import "x"</style>'),
    svg('<set attributeName="href" to="java&#115;cript:alert(1)"/>'),
    svg('<foreignObject><body/></foreignObject>'),
    `<!DOCTYPE svg [<!ENTITY x "y">]>${svg('')}`,
    '<p>icon</p>',
    svg('x'.repeat(8192)),
  ])('may not be %#', (icon) => {
    expect(faultOf(plugin({ icon }))).toContain('The icon of plugin "shop" is refused');
  });
});
