// Reads {text, context} from stdin, writes the microseconds of one evaluation by feelin and by a function.
import { readFileSync } from 'node:fs';
import { evaluate } from 'feelin';

const { text, context } = JSON.parse(readFileSync(0, 'utf8'));

const byHand = (given) => given.amount > 50000 && ['A', 'B'].includes(given.region);

function best(run, times) {
  let found = Infinity;
  for (let round = 0; round < 30; round++) {
    const start = process.hrtime.bigint();
    for (let count = 0; count < times; count++) run();
    found = Math.min(found, Number(process.hrtime.bigint() - start) / times / 1000);
  }
  return found;
}

const result = evaluate(text, context);
if ((result.value ?? result) !== byHand(context)) throw new Error(`feelin gives ${JSON.stringify(result)}`);
const found = {
  feelin: best(() => evaluate(text, context), 50),
  function: best(() => byHand(context), 100000),
};
process.stdout.write(JSON.stringify(found));
