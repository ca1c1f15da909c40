// Package chaos runs real agents against a real WordPress (nginx, php-fpm, MariaDB) while a proxy between them loses,
// delays and garbles what they say, agents are killed and stopped, the database and php-fpm go down and clocks are
// wrong. What it counts in the end comes from the database, from the agents' journals, from the model server that was
// paid and from the proxy, never from what an agent says of itself.
//
// The runs need WordPress and have the build tag chaos; what verifies a run is tested without it.
package chaos
