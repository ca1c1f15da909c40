package wpclient

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"math/big"
	"slices"
)

// newPair makes the two halves of an identity: the seed, which never leaves this machine, and what is offered to the site.
func newPair() (seed Secret, public string) {
	b := make([]byte, ed25519.SeedSize)
	rand.Read(b) // never fails: the runtime ends the program when the kernel has no randomness
	return b, base64.StdEncoding.EncodeToString(publicOf(b))
}

func publicOf(seed Secret) ed25519.PublicKey {
	return ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
}

// parsePublicKey reads a public key as it travels. It takes a point of the curve in its one spelling, and none of the few
// points under which one signature may fit every message.
func parsePublicKey(text string) (ed25519.PublicKey, bool) {
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != ed25519.PublicKeySize {
		return nil, false
	}
	y := yOf(b)
	if y.Cmp(fieldPrime) >= 0 || slices.ContainsFunc(smallOrder, func(s *big.Int) bool { return s.Cmp(y) == 0 }) || !onCurve(y) {
		return nil, false
	}
	return b, true
}

var (
	fieldPrime = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))

	// curveD is the d of -x² + y² = 1 + dx²y².
	curveD = modulo(new(big.Int).Mul(big.NewInt(-121665), new(big.Int).ModInverse(big.NewInt(121666), fieldPrime)))

	// smallOrder are the y of the points of order 1, 2, 4 and 8.
	smallOrder = []*big.Int{
		big.NewInt(0),
		big.NewInt(1),
		new(big.Int).Sub(fieldPrime, big.NewInt(1)),
		number("2707385501144840649318225287225658788936804267575313519463743609750303402022"),
		number("55188659117513257062467267217118295137698188065244968500265048394206261417927"),
	}
)

func number(decimal string) *big.Int {
	n, ok := new(big.Int).SetString(decimal, 10)
	if !ok {
		panic("not a number: " + decimal)
	}
	return n
}

func modulo(n *big.Int) *big.Int { return n.Mod(n, fieldPrime) }

// yOf is the number in a point's 32 bytes, least significant first; the highest bit is the sign of x.
func yOf(point []byte) *big.Int {
	b := slices.Clone(point)
	b[len(b)-1] &= 0x7f
	slices.Reverse(b)
	return new(big.Int).SetBytes(b)
}

// onCurve tells whether there is an x: x² = (y² - 1) / (dy² + 1) is then a square.
func onCurve(y *big.Int) bool {
	yy := modulo(new(big.Int).Mul(y, y))
	above := modulo(new(big.Int).Sub(yy, big.NewInt(1)))
	below := modulo(new(big.Int).Add(new(big.Int).Mul(curveD, yy), big.NewInt(1)))
	xx := modulo(new(big.Int).Mul(above, new(big.Int).ModInverse(below, fieldPrime)))
	return new(big.Int).ModSqrt(xx, fieldPrime) != nil
}
