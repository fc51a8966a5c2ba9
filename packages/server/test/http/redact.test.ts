import { describe, expect, it } from 'vitest';
import { errorFacts, redactText, redactUrl } from '../../src/http/redact.ts';

describe('what a log may keep', () => {
  it('no secrets and no people in addresses', () => {
    expect(redactUrl('/hooks/email/unsubscribe?token=abc&workspace=main')).toBe('/hooks/email/unsubscribe?token=[redacted]&workspace=main');
    expect(redactUrl('/v1/track?writeKey=eni_abc')).toBe('/v1/track?writeKey=[redacted]');
    expect(redactUrl('/x/hanako%40shop.example?who=taro@shop.example')).toBe('/x/[redacted]?who=[redacted]');
    expect(redactUrl('/graphql')).toBe('/graphql');
  });

  it('no passwords of databases', () => {
    expect(redactText('connect postgres://app:s3cret@db:5432/enishi failed')).toBe('connect postgres://[redacted]@db:5432/enishi failed');
  });

  it('of an error its sentence and place, not the row PostgreSQL quotes', () => {
    const error = Object.assign(new Error('duplicate key of hanako@shop.example'), {
      code: '23505',
      detail: 'Key (value)=(secret) exists',
    });
    const facts = errorFacts(error);
    expect(facts).toMatchObject({ message: 'duplicate key of [redacted]', code: '23505' });
    expect(JSON.stringify(facts)).not.toContain('secret');
  });
});
