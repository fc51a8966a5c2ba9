import { cancel, group, intro, outro, select, text } from '@clack/prompts';
import { faultOfName, type Kind, type Plan } from './scaffold.ts';

/** What is known already; what is not is asked for. */
export interface Known {
  readonly name: string | undefined;
  /** Offered as the name. */
  readonly suggestion: string | undefined;
  readonly kind: Kind | undefined;
  readonly folder: string | undefined;
}

const choices: { value: Kind; label: string; hint: string }[] = [
  { value: 'source', label: 'Source', hint: 'events come in' },
  { value: 'destination', label: 'Destination', hint: 'messages go out' },
  { value: 'both', label: 'Both', hint: 'one partner, both ways' },
];

/** Asks for the rest; `undefined` where the answer is to leave it. */
export async function ask(known: Known): Promise<Plan | undefined> {
  intro('A plugin for Enishi');
  let left = false;
  const answers = await group(
    {
      name: async () =>
        known.name ??
        text({
          message: 'What is the partner called? Events are then named NAME.thing_done.',
          initialValue: known.suggestion ?? '',
          placeholder: 'acme',
          validate: (value) => faultOfName(value ?? ''),
        }),
      kind: async () => known.kind ?? select({ message: 'What does it do?', options: choices }),
    },
    {
      onCancel: () => {
        left = true;
      },
    },
  );
  if (left) {
    cancel('Left.');
    return undefined;
  }
  const { name, kind } = answers;
  outro(`${name}, ${kind}`);
  return { name, kind, folder: known.folder ?? `enishi-plugin-${name}` };
}
