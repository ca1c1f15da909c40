// Signs with http-message-signatures what the Go and the PHP verifier must accept. HMAC and Ed25519 have no randomness, so the same
// input gives the same file again; foreign.test.mjs checks that the committed one is what this makes.
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { createSigner, httpbis } from 'http-message-signatures';

const name = 'made by http-message-signatures: ';
const created = 1764000000;
const site = 'https://www.example.org';
const seedOf = (id, size) => createHash('sha512').update('aidoc test key ' + id).digest().subarray(0, size);

const shared = { id: 'ak_0123456789abcdef01234567', alg: 'hmac-sha256', secret: seedOf('ak_0123456789abcdef01234567', 64) };
shared.answers = shared;
shared.key = shared.secret;

// A pair out of its seed: PKCS#8 puts 16 bytes in front of it.
function pair(owner, id) {
	const secret = seedOf(owner, 32);
	const key = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), secret]), format: 'der', type: 'pkcs8' });
	const raw = Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x, 'base64url');
	return { id: id ?? 'sk_' + createHash('sha256').update(raw).digest('hex').slice(0, 24), alg: 'ed25519', secret, key, public: raw.toString('base64') };
}
const publicKey = { ...pair('ae_0123456789abcdef01234567', 'ae_0123456789abcdef01234567'), answers: pair("the site's") };

const digest = (body) => 'sha-256=:' + createHash('sha256').update(body).digest('base64') + ':';
const nonceFor = (text) => createHash('sha256').update('aidoc foreign nonce ' + text).digest().subarray(0, 16).toString('base64url');

const lower = (headers) => Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toLowerCase(), v]).sort());

async function signRequest(title, method, route, body, by = shared) {
	const nonce = nonceFor(title);
	const url = site + '/wp-json' + route;
	let base = '';
	const key = createSigner(by.key, by.alg, by.id);
	const signed = await httpbis.signMessage({
		key: { ...key, sign: (data) => { base = data.toString('utf8'); return key.sign(data); } },
		name: 'aidoc',
		fields: ['@method', 'x-aidoc-route', 'x-aidoc-site', 'content-digest'],
		params: ['created', 'nonce', 'keyid', 'tag'],
		paramValues: { created: new Date(created * 1000), nonce, keyid: by.id, tag: 'aidoc-request' },
	}, { method, url, headers: { 'x-aidoc-route': route, 'x-aidoc-site': site, 'content-digest': digest(body) } });
	return {
		name: name + title, expect: 'ok', key_id: by.id, secret: by.secret.toString('base64'), public_key: by.public, created, now: created,
		body: Buffer.from(body).toString('base64'), base, headers: lower(signed.headers),
		nonce, method, route, site, url, seen_nonces: [], answer_tag: 'aidoc-response',
	};
}

async function signResponse(title, request, status, body, tag = 'aidoc-response', by = shared.answers) {
	let base = '';
	const key = createSigner(by.key, by.alg, by.id);
	const signed = await httpbis.signMessage({
		key: { ...key, sign: (data) => { base = data.toString('utf8'); return key.sign(data); } },
		name: 'aidoc',
		fields: ['@status', 'content-digest', '"signature";req;key="aidoc"'],
		params: ['created', 'keyid', 'tag'],
		paramValues: { created: new Date(created * 1000), keyid: by.id, tag },
	}, { status, headers: { 'content-digest': digest(body) } }, { method: request.method, url: request.url, headers: request.headers });
	return {
		name: name + title, expect: 'ok', key_id: by.id, secret: by.secret.toString('base64'), public_key: by.public, created, now: created,
		body: Buffer.from(body).toString('base64'), base, headers: lower(signed.headers), agent_key_id: request.key_id,
		tag, status, request_signature: request.headers.signature, file: false,
	};
}

export async function foreign() {
	const lease = await signRequest('lease', 'POST', '/aidoc/v1/lease', '{"free_slots":1}');
	const pub = await signRequest('lease, public key', 'POST', '/aidoc/v1/lease', '{"free_slots":1}', publicKey);
	const file = await signRequest('file', 'GET', '/aidoc/v1/jobs/7/file', '');
	const tampered = {
		...lease, name: name + 'lease with another body', expect: 'aidoc_digest_mismatch', answer_tag: 'aidoc-refusal', twin_of: lease.name,
		body: Buffer.from('{"free_slots":64}').toString('base64'),
	};
	return {
		requests: [lease, file, tampered, pub],
		responses: [
			await signResponse('answer to lease', lease, 200, '{"leases":[]}'),
			await signResponse('refusal of a lease with a query', lease, 400, '{"code":"aidoc_query_refused"}', 'aidoc-refusal'),
			await signResponse('answer to a public key', pub, 200, '{"leases":[]}', 'aidoc-response', publicKey.answers),
			await signResponse('refusal of a public key with a query', pub, 400, '{"code":"aidoc_query_refused"}', 'aidoc-refusal', publicKey.answers),
		],
	};
}

export const encode = (value) => JSON.stringify(value, null, 2) + '\n';
