// npm run -s evaluate -- --bundle DIR --route direct|gloss|langbridge|lingualift[,...]
//    (--data FILE.jsonl | --dataset mgsm|msvamp|built-in --data-dir DIR)
//    [--languages es,sw] [--limit N] [--seed N] [--alignment FILE] [--no-calculator] [--batch N] [--out DIR]
//
// The page's own bridge, plan, runner and scoring in Node. Progress and complaints go to stderr; the last line on
// stdout is a JSON summary: of the route, or of each route by name where there are several. Exit status: 0, or 2 when
// the arguments, the files or the models are not usable.
import { evaluateCommand } from './evaluate-command.ts';

process.exitCode = await evaluateCommand(process.argv.slice(2), console);
