#include "backend/base/sha256.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

/* Vectors of FIPS 180-4, and lengths around the padding's edge (made with another implementation).
 */
static const struct {
	char fill;
	size_t len; /* 0: text counts */
	const char *text, *hex;
} cases[] = {
	{ 0, 0, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ 0, 0, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ 0, 0, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ 'a', 55, NULL, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318" },
	{ 'a', 56, NULL, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a" },
	{ 'a', 63, NULL, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34" },
	{ 'a', 64, NULL, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb" },
	{ 'a', 65, NULL, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0" },
	{ 'a', 119, NULL, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb" },
	{ 'a', 120, NULL, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c" },
	{ 'a', 128, NULL, "6836cf13bac400e9105071cd6af47084dfacad4e5e302c94bfed24e013afb73e" },
};

Test(sha256, known_vectors)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned char digest[SHA256_SIZE];
		char text[256], hex[2 * SHA256_SIZE + 1];
		size_t len = cases[i].len ? cases[i].len : strlen(cases[i].text);

		if (cases[i].len)
			memset(text, cases[i].fill, len);
		else
			memcpy(text, cases[i].text, len);
		sha256(text, len, digest);
		for (int k = 0; k < SHA256_SIZE; k++)
			snprintf(hex + 2 * k, 3, "%02x", digest[k]);
		cr_expect(zero(int, strcmp(hex, cases[i].hex)), "%zu bytes: %s", len, hex);
		sha256_hex(text, len, hex);
		cr_expect(eq(str, hex, (char *)cases[i].hex));
	}
}
