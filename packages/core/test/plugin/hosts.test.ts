import { describe, expect, it } from 'vitest';
import { passageTo, placeOf } from '../../src/plugin/hosts.ts';

const declared = ['api.vendor.example', '*.shop.example', 'Files.Vendor.example:8443', '127.0.0.1:4011', '[::1]:4012'];

describe('where a plugin may go', () => {
  it.each([
    ['https://api.vendor.example/v1', { inside: true }],
    ['https://API.vendor.example./v1', { inside: true }],
    ['https://one.shop.example/', { inside: false }],
    ['https://one.two.shop.example/', { inside: false }],
    ['https://files.vendor.example:8443/', { inside: true }],
    ['http://files.vendor.example:8443/', { inside: true }],
    ['http://127.0.0.1:4011/', { inside: true }],
    ['http://2130706433:4011/', { inside: true }],
    ['http://[::1]:4012/', { inside: true }],
  ])('%s: yes', (url, passage) => {
    expect(passageTo(new URL(url), declared)).toEqual(passage);
  });

  it.each([
    'http://api.vendor.example/',
    'http://one.shop.example/',
    'https://api.vendor.example:8443/',
    'https://files.vendor.example/',
    'https://shop.example/',
    'https://evilshop.example/',
    'https://api.vendor.example.evil.example/',
    'https://api.vendor.example@evil.example/',
    'https://user:pass@api.vendor.example/',
    'http://127.0.0.1:4012/',
    'http://127.0.0.1/',
    'ftp://api.vendor.example/',
    'file:///etc/passwd',
  ])('%s: no', (url) => {
    expect(passageTo(new URL(url), declared)).toBeUndefined();
  });
});

describe('where an address lies', () => {
  it.each([
    ['93.184.216.34', 'outside'],
    ['2606:2800:220:1:248:1893:25c8:1946', 'outside'],
    ['10.1.2.3', 'inside'],
    ['172.31.255.255', 'inside'],
    ['192.168.0.1', 'inside'],
    ['100.64.0.1', 'inside'],
    ['127.0.0.53', 'inside'],
    ['::1', 'inside'],
    ['::ffff:127.0.0.1', 'inside'],
    ['::ffff:7f00:1', 'inside'],
    ['fd12:3456::1', 'inside'],
    ['64:ff9b::a00:1', 'inside'],
    ['169.254.169.254', 'forbidden'],
    ['::ffff:169.254.169.254', 'forbidden'],
    ['100.100.100.200', 'forbidden'],
    ['fd00:ec2::254', 'forbidden'],
    ['fe80::1%eth0', 'forbidden'],
    ['0.0.0.0', 'forbidden'],
    ['224.0.0.1', 'forbidden'],
    ['nonsense', 'forbidden'],
  ])('%s: %s', (address, place) => {
    expect(placeOf(address)).toBe(place);
  });
});
