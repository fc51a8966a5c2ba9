import { Migration } from '@mikro-orm/migrations';

/** Programs keep a share of their customers unwritten to, so that what a program brings can be told from what would have come anyway. */
export class Holdout extends Migration {
  override name = '0005-holdout';

  override up(): void {
    for (const statement of [column, refusal]) this.addSql(statement);
  }

  override down(): void {
    this.addSql('drop function if exists holdout_refusal(int, int, uuid, int)');
    this.addSql('alter table program drop column holdout');
  }
}

const column = 'alter table program add column holdout int not null default 0 check (holdout between 0 and 50)';

// Says why a program sends nothing to this customer, or null where it does. The same customer is always in or always out, whatever the share was before: a larger group holds the smaller one.
const refusal = `create function holdout_refusal(workspace int, program int, customer uuid, share int) returns text language sql immutable parallel safe as $$
  select case when (get_byte(h, 0) * 65536 + get_byte(h, 1) * 256 + get_byte(h, 2)) % 100 < share
    then 'held out: in the ' || share || ' % nothing is sent to' end
  from sha256(convert_to(concat_ws('/', 'holdout', workspace, program, customer), 'UTF8')) h
$$`;
