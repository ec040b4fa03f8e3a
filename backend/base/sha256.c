#include "backend/base/sha256.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define BLOCK 64

static const uint32_t round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static const uint32_t first_state[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static uint32_t rotate(uint32_t x, unsigned bits)
{
	return x >> bits | x << (32 - bits);
}

static void spread(const unsigned char *block, uint32_t w[64])
{
	int i;

	for (i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
		       (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + w[i - 7] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) +
		       (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
}

static void add_block(uint32_t state[8], const unsigned char *block)
{
	uint32_t w[64], v[8];
	int i;

	spread(block, w);
	memcpy(v, state, sizeof(v));
	for (i = 0; i < 64; i++) {
		uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
		uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
		uint32_t one = v[7] + (rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)) +
			       choice + round_constants[i] + w[i];
		uint32_t two = (rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)) + majority;

		memmove(v + 1, v, 7 * sizeof(v[0]));
		v[4] += one;
		v[0] = one + two;
	}
	for (i = 0; i < 8; i++)
		state[i] += v[i];
}

void sha256(const void *bytes, size_t len, unsigned char ret_digest[SHA256_SIZE])
{
	unsigned char tail[2 * BLOCK] = { 0 };
	size_t whole = len / BLOCK * BLOCK, rest = len - whole, at, size;
	uint64_t bits = (uint64_t)len * 8;
	uint32_t state[8];
	int i;

	memcpy(state, first_state, sizeof(state));
	for (at = 0; at < whole; at += BLOCK)
		add_block(state, (const unsigned char *)bytes + at);
	if (rest)
		memcpy(tail, (const unsigned char *)bytes + whole, rest);
	tail[rest] = 0x80;
	size = rest + 9 <= BLOCK ? BLOCK : 2 * BLOCK;
	for (i = 0; i < 8; i++)
		tail[size - 1 - (size_t)i] = (unsigned char)(bits >> (8 * i));
	for (at = 0; at < size; at += BLOCK)
		add_block(state, tail + at);
	for (i = 0; i < SHA256_SIZE; i++)
		ret_digest[i] = (unsigned char)(state[i / 4] >> (24 - 8 * (i % 4)));
}

void sha256_hex(const void *bytes, size_t len, char ret_hex[SHA256_HEX])
{
	unsigned char digest[SHA256_SIZE];

	sha256(bytes, len, digest);
	for (size_t i = 0; i < SHA256_SIZE; i++)
		snprintf(ret_hex + 2 * i, 3, "%02x", digest[i]);
}
