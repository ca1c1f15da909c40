package main

import (
	"encoding/base64"
	"fmt"
	"strings"
)

const mailHead = "From: a@example.org\r\nTo: b@example.org\r\nSubject: s\r\nMIME-Version: 1.0\r\n"

var mailKinds = []kind{
	{"mail of 95 MB of text", "eml", func(o *out) {
		o.printf("%s\r\n", mailHead)
		o.repeat("a line of the message\r\n", 95_000_000/23)
	}},
	{"mail of one file of 90 MB in base64", "eml", func(o *out) {
		o.printf("%sContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b\r\nContent-Type: application/octet-stream; name=a.txt\r\nContent-Disposition: attachment; filename=a.txt\r\nContent-Transfer-Encoding: base64\r\n\r\n", mailHead)
		o.repeat(base64.StdEncoding.EncodeToString([]byte("some words of text that are in a file and go on and on, \n"))+"\r\n", 1_150_000)
		o.printf("\r\n--b--\r\n")
	}},
	{"mail of 90 MB of text in base64", "eml", func(o *out) {
		o.printf("%sContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64\r\n\r\n", mailHead)
		o.repeat(base64.StdEncoding.EncodeToString([]byte("w\xf6rter in einem Text, der immer weiter und weiter geht..."))+"\r\n", 1_150_000)
	}},
	{"mail of 60 MB of quoted-printable", "eml", func(o *out) {
		o.printf("%sContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", mailHead)
		o.repeat("=C3=A4 umlauts and words=\r\n", 60_000_000/27)
	}},
	{"mail of html, 60 MB", "eml", func(o *out) {
		o.printf("%sContent-Type: text/html; charset=iso-8859-1\r\n\r\n", mailHead)
		o.repeat("<p>w\xf6rter</p>\r\n", 60_000_000/15)
	}},
	{"mail of 10,000 parts", "eml", func(o *out) {
		o.printf("%sContent-Type: multipart/mixed; boundary=b\r\n\r\n", mailHead)
		o.repeat("--b\r\nContent-Type: text/plain\r\n\r\n"+strings.Repeat("words of a part\r\n", 500), 10_000)
		o.printf("--b--\r\n")
	}},
	{"mail of forms of one text, 40 MB each", "eml", func(o *out) {
		o.printf("%sContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n", mailHead)
		words(o, 3_500_000)
		o.printf("\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>")
		words(o, 3_500_000)
		o.printf("\r\n--b--\r\n")
	}},
	{"mail in mail, 12 deep, 80 MB", "eml", func(o *out) {
		for i := range 12 {
			o.printf("%sContent-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\nContent-Type: message/rfc822\r\n\r\n", mailHead, i, i)
		}
		o.printf("%s\r\n", mailHead)
		o.repeat("a line of the message\r\n", 80_000_000/23)
	}},
	{"mail with a header of 60 MB", "eml", func(o *out) {
		o.printf("%sX-Long:", mailHead)
		o.repeat(" words of a header\r\n", 60_000_000/20)
		o.printf("\r\ntext\r\n")
	}},
	{"mail with a million headers", "eml", func(o *out) {
		o.printf("%s", mailHead)
		for i := range 1_000_000 {
			fmt.Fprintf(o, "X-%d: v\r\n", i)
		}
		o.printf("\r\ntext\r\n")
	}},
	{"mailbox of 200,000 messages", "mbox", func(o *out) {
		o.repeat("From a@example.org Mon Jan  1 00:00:00 2024\nFrom: a@example.org\nSubject: s\n\n"+strings.Repeat("words\n", 40)+"\n", 200_000)
	}},
}
