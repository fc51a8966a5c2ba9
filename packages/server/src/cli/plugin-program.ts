import type { Command } from 'commander';

const gather = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** `enishi plugin`: what the plugins of the settings are, their own commands, and taking leave of one. */
export function addPluginCommands(program: Command, finish: (code: number) => void): void {
  program
    .command('plugin [plugin] [command]')
    .description('List the plugins with their hosts, sources, destinations and commands; or run a command of one.')
    .option('-w, --workspace <key>', 'which workspace a command runs for', 'main')
    .option('-o, --option <key=value>', 'option of the command; may be repeated', gather)
    .option('--options <file.json>', 'options of the command')
    .option('--withdraw', 'of a plugin that is in no settings any more: take its computed traits from everybody of the workspace')
    .option('-l, --language <language>', 'language of names and summaries', 'en')
    .option('--json', 'one JSON array instead of text')
    .addHelpText(
      'after',
      '\nExamples:\n  enishi plugin --language ja\n  enishi plugin line richmenu --option file=menu.json\n  enishi plugin survey --withdraw',
    )
    .action(
      async (
        plugin: string | undefined,
        command: string | undefined,
        options: { readonly withdraw?: boolean; readonly json?: boolean },
      ) => {
        const { listPlugins, runPluginCommand, withdrawPlugin } = await import('./plugin.ts');
        const given = { ...program.opts(), ...options };
        if (options.withdraw) return finish(await withdrawPlugin({ ...given, plugin, command }));
        if (plugin === undefined) return finish(await listPlugins(given));
        finish(await (command === undefined ? listPlugins({ ...given, only: plugin }) : runPluginCommand({ ...given, plugin, command })));
      },
    );
}
