// Every vector, seen by an RFC 9421 library that is not ours. The library knows the RFC, not our profile: what is
// refused only because it is not the profile may well be a good RFC 9421 signature. What it must agree on: each "ok" is
// one to it as well, byte for byte in the signature base, and each forgery is none.
import { createHash, createPublicKey } from 'node:crypto';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createVerifier, httpbis } from 'http-message-signatures';
import { encode, foreign } from './foreign.mjs';

const read = (name) => readFileSync(new URL('../vectors/' + name, import.meta.url), 'utf8');
const vectors = JSON.parse(read('signing.json'));
const digestOf = (body) => 'sha-256=:' + createHash('sha256').update(body).digest('base64') + ':';

// publicKey makes of 32 bytes what node's crypto takes; null where it takes none.
const publicKey = (raw) => createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw, 'base64').toString('base64url') }, format: 'jwk' });
const checkOf = (k) => k.public_key ? { alg: 'ed25519', key: publicKey(k.public_key) } : { alg: 'hmac-sha256', key: Buffer.from(k.secret, 'base64') };

// verify runs the library on one message with the clock of the case, and reports what it made of it.
async function verify(c, message, request) {
	let base = '';
	const keys = new Map(vectors.keys.map((k) => [k.key_id, checkOf(k)]));
	// An agent believes one name: the site's where it has a public key, else its own.
	const believed = c.agent_key_id?.startsWith('ae_') ? vectors.site_key : vectors.keys.find((k) => k.key_id === c.agent_key_id);
	let ok;
	try {
		ok = await httpbis.verifyMessage({
			keyLookup: async ({ keyid }) => {
				const k = request ? (keyid === believed.key_id && checkOf(believed)) : keys.get(keyid);
				if (!k) { return null; }
				const check = createVerifier(k.key, k.alg);
				return { id: keyid, algs: [k.alg], verify: (data, sig) => { base = data.toString('utf8'); return check(data, sig); } };
			},
			notAfter: Math.max(c.now, c.created) + 300, // the clock is the profile's business, not the MAC's
			all: true,
		}, message, request);
	} catch (error) {
		return { ok: false, base, error };
	}
	return { ok: ok === true, base };
}

const asRequest = (c) => ({ method: c.method, url: c.url, headers: c.headers });
const asAnswer = (c) => [{ status: c.status, headers: c.headers }, { method: 'POST', url: 'https://www.example.org/', headers: { signature: c.request_signature } }];

// What is a forgery in the eyes of the RFC alone: the bytes that the signature covers are not those that were signed.
const forged = new Set(['aidoc_signature_invalid', 'aidoc_signature_missing', 'aidoc_key_unknown', 'site_key_changed']);

for (const c of vectors.requests) {
	test('request: ' + c.name, async () => {
		const { ok, base } = await verify(c, asRequest(c));
		if (c.expect === 'ok') {
			assert.equal(ok, true);
			assert.equal(base, c.base);
			assert.equal(c.headers['content-digest'], digestOf(Buffer.from(c.body, 'base64')));
		} else if (forged.has(c.expect) && c.name !== 'method in lower case') { // the RFC has methods as they come, this library in upper case
			assert.equal(ok, false);
		} else if (c.expect === 'aidoc_digest_mismatch') {
			assert.notEqual(c.headers['content-digest'], digestOf(Buffer.from(c.body, 'base64')));
		}
	});
}

for (const c of vectors.responses) {
	test('answer: ' + c.name, async () => {
		const { ok, base } = await verify(c, ...asAnswer(c));
		if (c.expect === 'ok') {
			assert.equal(ok, true);
			assert.equal(base, c.base);
			assert.ok(['aidoc-response', 'aidoc-refusal'].includes(c.tag) && c.headers['signature-input'].endsWith(`;tag="${c.tag}"`));
			if (!c.file) { assert.equal(c.headers['content-digest'], digestOf(Buffer.from(c.body, 'base64'))); }
		} else if (forged.has(c.expect)) {
			assert.equal(ok, false);
		} else if (c.expect === 'aidoc_digest_mismatch') {
			assert.notEqual(c.headers['content-digest'], digestOf(Buffer.from(c.body, 'base64')));
		}
	});
}

for (const p of vectors.primitive) {
	test('primitive: ' + p.name, async () => {
		const k = checkOf(p);
		const check = createVerifier(k.key, k.alg);
		assert.equal(await check(Buffer.from(p.base), Buffer.from(p.signature, 'base64')), true);
		assert.equal(await check(Buffer.from(p.base + ' '), Buffer.from(p.signature, 'base64')), false);
	});
}

test('the vectors are all there', () => {
	for (const list of [vectors.requests, vectors.responses]) {
		const names = list.map((c) => c.name);
		assert.equal(new Set(names).size, names.length, 'names are unique');
		assert.ok(list.filter((c) => c.expect === 'ok').length >= 8);
		assert.ok(list.filter((c) => c.expect !== 'ok').length >= 30);
	}
	for (const list of [vectors.requests, vectors.responses]) {
		assert.ok(list.filter((c) => c.public_key && c.expect === 'ok').length >= 3, 'both algorithms');
		assert.ok(list.filter((c) => c.public_key && c.expect !== 'ok').length >= 10);
	}
	assert.ok(vectors.responses.filter((c) => c.expect === 'ok' && c.tag === 'aidoc-refusal').length >= 5);
});

test('foreign.json is what this library makes, and is in signing.json', async () => {
	const made = await foreign();
	assert.equal(read('foreign.json'), encode(made));
	for (const c of [...made.requests, ...made.responses]) {
		assert.ok([...vectors.requests, ...vectors.responses].some((v) => v.name === c.name && v.headers.signature === c.headers.signature), c.name);
	}
});
