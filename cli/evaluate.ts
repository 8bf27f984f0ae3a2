// `npm run -s evaluate -- --bundle DIR --data FILE.jsonl --route direct|gloss|langbridge|lingualift
//    [--languages es,sw] [--limit N] [--seed N] [--alignment FILE] [--out DIR]`
//
// The page's own bridge in Node. Progress and complaints go to stderr; the last line on stdout is a JSON
// summary. Exit status: 0, or 2 when the arguments or files are not usable.
import { evaluateCommand } from './evaluate-command.ts';

process.exitCode = await evaluateCommand(process.argv.slice(2), console);
