// The real agent beside the browser: started when the test wants it, stopped at the end.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

export function startAgent() {
	const log = createWriteStream( process.env.AGENT_LOG );
	const child = spawn( process.env.AGENT_BIN, [ '--data-dir', process.env.AGENT_DIR, 'run' ], { stdio: [ 'ignore', 'pipe', 'pipe' ] } );
	child.stdout.pipe( log );
	child.stderr.pipe( log );
	const ended = new Promise( ( resolve ) => {
		child.on( 'exit', ( code, signal ) => resolve( { code, signal } ) );
	} );
	return {
		stop() {
			child.kill( 'SIGTERM' );
			return ended;
		},
	};
}
