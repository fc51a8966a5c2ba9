import { describe, expect, it } from 'vitest';
import { addressProblem, spellingsOf, usualRoleAccounts, wireAddress } from '../src/address.ts';
import { createMailing, deliveryOf } from './smtp.ts';

const hygiene = { roleAccounts: usualRoleAccounts, disposableDomains: ['throwaway.example'] };

const to = (email: string) => {
  const delivery = deliveryOf({});
  return { ...delivery, recipient: { ...delivery.recipient, identifiers: { email: [email] } } };
};

describe('an address', () => {
  it.each([
    'hanako@example.jp',
    "o'brien+news@example.co.jp",
    'a..b@docomo.ne.jp',
    'ab.@ezweb.ne.jp',
    '.ab@t.vodafone.ne.jp',
    'hanako@日本語.jp',
    '花子@example.jp',
    'info@example.jp',
  ])('such as %s is written to', (email) => {
    expect(addressProblem(email, hygiene)).toBeUndefined();
  });

  it.each([
    ['a..b@example.jp', 'a dot too many'],
    ['ab.@example.jp', 'a dot too many'],
    ['a b@example.jp', 'no mailbox name'],
    ['"ab"@example.jp', 'no mailbox name'],
    ['@example.jp', 'no mailbox name'],
    [`${'a'.repeat(65)}@example.jp`, 'no mailbox name'],
    ['hanako', 'no mailbox name'],
    ['hanako@localhost', 'no domain'],
    ['hanako@-example.jp', 'no domain'],
    ['hanako@exa_mple.jp', 'no domain'],
    ['hanako@example.jp>\r\nRCPT TO:<x@y.jp', 'no mailbox name'],
    ['Postmaster@example.jp', "nobody's own"],
    ['hanako@mail.throwaway.example', 'throw-away'],
  ])('such as %s is not: %s', (email, problem) => {
    expect(addressProblem(email, hygiene)).toContain(problem);
  });

  it('is spelled as SMTP takes it, and recognised however a report spells it', () => {
    expect(wireAddress('a..b@docomo.ne.jp')).toBe('"a..b"@docomo.ne.jp');
    expect(wireAddress('hanako@日本語.jp')).toBe('hanako@xn--wgv71a119e.jp');
    expect(wireAddress('hanako@example.jp')).toBe('hanako@example.jp');
    for (const email of ['a..b@docomo.ne.jp', 'hanako@日本語.jp', 'hanako@example.jp'])
      expect(spellingsOf(wireAddress(email))).toContain(email);
  });
});

describe('the destination', () => {
  it('writes to a carrier address that ends in a dot between quotes, and to a domain of another script in ASCII', async () => {
    await using mailing = await createMailing();
    expect(await mailing.send(to('hanako.@docomo.ne.jp'))).toMatchObject([{ status: 'delivered' }]);
    expect(await mailing.send(to('hanako@日本語.jp'))).toMatchObject([{ status: 'delivered' }]);
    expect(mailing.smtp.mails[0]?.to).toEqual(['"hanako."@docomo.ne.jp']);
    expect(mailing.smtp.mails[1]?.raw).toMatch(/^To: hanako@xn--wgv71a119e\.jp\r$/m);
  });

  it('sends nothing where nobody reads it, and gives the reason; the lists are settings', async () => {
    await using mailing = await createMailing({ disposableDomains: ['Throwaway.example'] });
    expect(await mailing.send(to('no-reply@example.jp'))).toEqual([{ status: 'rejected', reason: "no-reply@ is nobody's own mailbox" }]);
    expect(await mailing.send(to('hanako@throwaway.example'))).toMatchObject([{ status: 'rejected' }]);
    expect(mailing.smtp.mails).toHaveLength(0);
    await using open = await createMailing({ roleAccounts: [] });
    expect(await open.send(to('no-reply@example.jp'))).toMatchObject([{ status: 'delivered' }]);
  });
});
