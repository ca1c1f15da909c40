// Writes test/vectors/foreign.json; then run `go run ./test/vectors/gen` to take it into signing.json.
import { writeFileSync } from 'node:fs';
import { encode, foreign } from './foreign.mjs';

writeFileSync(new URL('../vectors/foreign.json', import.meta.url), encode(await foreign()));
