// validate.mjs FILE…   each is a bill of materials that CycloneDX's own schema accepts, with a part at least and every part named.
import { readFileSync } from 'node:fs';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';

const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
let failed = 0;
for (const file of process.argv.slice(2)) {
	const text = readFileSync(file, 'utf8');
	const errors = await validator.validate(text);
	const bom = JSON.parse(text);
	const unnamed = bom.components.filter((part) => !part.name || (part.purl?.startsWith('pkg:golang/') && !part.version));
	if (errors || bom.components.length === 0 || unnamed.length > 0) {
		failed++;
		console.error(`${file}:`, errors ?? unnamed);
	} else {
		console.log(`${file}: CycloneDX ${bom.specVersion}, ${bom.components.length} parts`);
	}
}
// The validator must be able to say no.
if (!(await validator.validate('{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a"}]}'))) {
	failed++;
	console.error('the validator accepts a part without a type');
}
process.exitCode = failed || process.argv.length < 3 ? 1 : 0;
