import { domainToASCII, domainToUnicode } from 'node:url';

/** Where mail is not wanted whatever consent says. */
export interface Hygiene {
  /** Local parts that belong to a function, not to a person, such as `abuse`. */
  readonly roleAccounts: readonly string[];
  /** Domains of throw-away mailboxes; what lies under them counts, too. */
  readonly disposableDomains: readonly string[];
}

/** The role accounts every mail server must have (RFC 2142) and senders that nobody reads. Mail to them only earns complaints. */
export const usualRoleAccounts = ['abuse', 'hostmaster', 'mailer-daemon', 'no-reply', 'noreply', 'postmaster', 'root', 'webmaster'];

// These carriers once gave out addresses with dots in a row or at an end, against RFC 5321. Their owners still use them.
const carriers = /(?:^|\.)(?:docomo\.ne\.jp|ezweb\.ne\.jp|au\.com|softbank\.ne\.jp|vodafone\.ne\.jp|disney\.ne\.jp|willcom\.com)$/;

const atom = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~.-]+$/u;
const oddDots = /^\.|\.\.|\.$/;
const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** Why nothing should be sent to this address, or `undefined`. */
export function addressProblem(email: string, { roleAccounts, disposableDomains }: Hygiene): string | undefined {
  const at = email.lastIndexOf('@');
  const [local, domain] = [email.slice(0, at), asciiDomain(email)];
  if (at < 1 || Buffer.byteLength(local) > 64 || !atom.test(local)) return 'the part before @ is no mailbox name';
  if (domain === '' || !domain.includes('.') || !domain.split('.').every((part) => label.test(part)))
    return 'the part after @ is no domain';
  if (oddDots.test(local) && !carriers.test(domain)) return 'the part before @ has a dot too many';
  if (roleAccounts.includes(local.toLowerCase())) return `${local}@ is nobody's own mailbox`;
  const disposable = disposableDomains.find((throwAway) => domain === throwAway || domain.endsWith(`.${throwAway}`));
  return disposable === undefined ? undefined : `${disposable} gives out throw-away addresses`;
}

/**
 * The address as SMTP takes it: the domain in ASCII (IDNA), and a name that breaks the rule on dots between quotes, as RFC 5321
 * lets any name be sent.
 */
export function wireAddress(email: string): string {
  const local = email.slice(0, email.lastIndexOf('@'));
  return `${oddDots.test(local) ? `"${local}"` : local}@${asciiDomain(email)}`;
}

/** Every spelling under which a report may mean an address of ours: with and without quotes, its domain in ASCII and in its own script. */
export function spellingsOf(found: string): string[] {
  const plain = found.replaceAll('"', '').toLowerCase();
  const at = plain.lastIndexOf('@');
  return [...new Set([plain, `${plain.slice(0, at)}@${domainToUnicode(plain.slice(at + 1))}`])];
}

const asciiDomain = (email: string): string => domainToASCII(email.slice(email.lastIndexOf('@') + 1)).toLowerCase();
